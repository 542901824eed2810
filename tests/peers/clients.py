"""Clients for app developers, generated from the SDK profile: four languages in one run of the generator."""

import json
from pathlib import Path
from typing import Any

from openapi.document import Document, answers, media, name_of, operations, resolved
from openapi.passes.problems import PROBLEM
from tests.peers.java import GENERATOR, java

# By generator: what an app developer would choose, too.
OPTIONS: dict[str, dict[str, Any]] = {
    "typescript-fetch": {"stringEnums": True},
    "kotlin": {"library": "jvm-okhttp4", "serializationLibrary": "jackson", "enumUnknownDefaultCase": True},
    "swift6": {"enumUnknownDefaultCase": True, "oneOfUnknownDefaultCase": True},
    "dart": {"enumUnknownDefaultCase": True},
}


def generate(profile: Path, out: Path) -> dict[str, Path]:
    """Each client's directory by its generator."""
    files = []
    for generator, options in OPTIONS.items():
        config = {
            "generatorName": generator,
            "inputSpec": str(profile),
            "outputDir": str(out / generator),
            "additionalProperties": {**options, "hideGenerationTimestamp": True},
        }
        file = out / f"{generator}.json"
        file.write_text(json.dumps(config))
        files.append(file)
    java("-jar", GENERATOR, "batch", "--fail-fast", *files)
    return {generator: out / generator for generator in OPTIONS}


def what_the_server_says(document: Document) -> list[dict[str, Any]]:
    """Every example of an answer, a problem or a push, with the name of its model."""
    bodies = [answer for _, _, operation in operations(document) for _, answer in answers(operation)]
    bodies += [item["post"]["requestBody"] for item in document.get("webhooks", {}).values()]
    cases = [
        {"model": name_of(content["schema"]["$ref"]), "value": resolved(document, example)["value"]}
        for body in bodies
        for _, content in media(body)
        # A generator makes a map, and no class, of an object whose properties are not known.
        if "$ref" in content.get("schema", {}) and "properties" in resolved(document, content["schema"])
        for example in content.get("examples", {}).values()
    ]
    model = name_of(PROBLEM["$ref"])
    return cases + [{"model": model, "value": example["value"]} for example in document["components"]["examples"].values()]


def with_a_new_word(value: Any, schema: Document, document: Document) -> Any:
    """The same, where every value of an open list is one that no client has heard of."""
    schema = resolved(document, schema)
    if "x-extensible-enum" in schema:
        return "a_word_of_tomorrow"
    if isinstance(value, list):
        return [with_a_new_word(child, schema.get("items", {}), document) for child in value]
    if isinstance(value, dict):
        properties = schema.get("properties", {})
        return {name: with_a_new_word(child, properties.get(name, {}), document) for name, child in value.items()}
    return value


def of_tomorrow(document: Document, cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The cases as a later server may send them: new words in open lists, and a property more."""
    changed = []
    for case in cases:
        value = with_a_new_word(case["value"], document["components"]["schemas"][case["model"]], document)
        changed.append({"model": case["model"], "value": {**value, "addedTomorrow": {"x": 1}}})
    return changed
