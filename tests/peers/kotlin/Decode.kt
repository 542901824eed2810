import com.fasterxml.jackson.databind.DeserializationFeature
import com.fasterxml.jackson.databind.ObjectMapper
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule
import java.io.File

/** Decodes each case of the file into the generated class it names, and prints the name. */
fun main(args: Array<String>) {
    val mapper = ObjectMapper().registerModule(JavaTimeModule())
        .configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false)
    for (case in mapper.readTree(File(args[0]))) {
        val model = case["model"].asText()
        val decoded = mapper.treeToValue(case["value"], Class.forName("org.openapitools.client.models.$model"))
        println("$model ${decoded.hashCode()}")
    }
}
