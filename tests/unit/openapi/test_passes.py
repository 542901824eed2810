"""Each thing that is wrong with a generated document, and the pass that mends it (docs: api.md, Q1 to Q16)."""

import copy
from typing import Any

import pytest

from openapi.compiler import compile_contract
from openapi.document import Document, resolved
from openapi.passes.examples import whole
from openapi.passes.overlays import laid_over
from openapi.passes.webhooks import webhook_name
from openapi.sdk import sdk_profile
from openapi.told import ProblemFacts, PushFacts, Told

NAMED = "#/components/schemas/GetThingAnswer"
INTRODUCTIONS = ("Accept-Language", "X-App-Platform", "X-App-Version")
LITESTARS_400 = {
    "description": "Bad request",
    "content": {"application/json": {"schema": {"type": "object", "properties": {"status_code": {"type": "integer"}}}}},
}
FACTS = ProblemFacts(404, "There is none.", {"code": "thing_not_found", "status": 404})
TOLD = Told(
    callers={"getThing": ["citizen"]},
    problems={"getThing": ["thing_not_found"]},
    catalogue={"thing_not_found": FACTS},
    schemas={"ProblemView": {"type": "object", "properties": {"code": {"type": "string"}}}},
    examples={"Thing": {"one": {"summary": "One", "value": {"id": "x"}}}},
)


def generated(schema: Document, *, answer: Document | None = None, **operation: Any) -> Document:
    """A document of one operation, which answers a Thing of this schema."""
    ok = answer or {"description": "ok", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}}
    get = {"operationId": "getThing", "tags": ["Me"], "responses": {"200": ok, "400": LITESTARS_400}, **operation}
    return {
        "openapi": "3.1.0",
        "info": {"title": "x", "version": "1", "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}},
        "paths": {"/things/{id}": {"get": get}},
        "components": {"schemas": {"Thing": schema}},
    }


def compiled(schema: Document, told: Told = TOLD, **more: Any) -> Document:
    return compile_contract(generated(schema, **more), told)


def thing(document: Document) -> Any:
    return document["components"]["schemas"]["Thing"]


def get(document: Document) -> Any:
    return document["paths"]["/things/{id}"]["get"]


def of(schema: Document) -> Document:
    return {"type": "object", "properties": {"field": schema}}


@pytest.mark.proves("R-C2")
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"oneOf": [{"type": "string"}, {"type": "null"}]}, {"type": "string"}),
        ({"oneOf": [{"$ref": "#/components/schemas/Thing"}]}, {"$ref": "#/components/schemas/Thing"}),
        ({"type": ["string", "null"]}, {"type": "string"}),
        ({"type": ["string", "null"], "enum": ["a", None]}, {"type": "string", "enum": ["a"]}),
        ({"type": "integer"}, {"type": "integer", "format": "int64"}),
        ({"type": "number"}, {"type": "number", "format": "double"}),
    ],
)
def test_a_schema_is_made_plain(before: Document, after: Document) -> None:
    assert thing(compiled(of(before)))["properties"]["field"] == after


def test_nothing_is_changed_in_what_was_given() -> None:
    document = generated(of({"type": "integer"}))
    before = copy.deepcopy(document)
    compile_contract(document, TOLD)
    assert document == before


def test_an_answer_without_a_body_has_no_content() -> None:
    for content in ({"": {"schema": {}}}, {"application/json": {"schema": {"type": "null"}}}):
        document = compiled(of({}), answer={"description": "done", "content": content})
        assert "content" not in get(document)["responses"]["200"]


def test_the_frameworks_own_errors_are_replaced_by_ours() -> None:
    responses = get(compiled(of({})))["responses"]
    assert sorted(responses) == ["200", "404", "default"]
    assert responses["404"] == {"$ref": "#/components/responses/ThingNotFound"}


def test_an_error_written_by_hand_stays() -> None:
    document = generated(of({}))
    get(document)["responses"]["404"] = {"description": "a page", "content": {"text/html": {"schema": {"type": "string"}}}}
    assert "text/html" in get(compile_contract(document, TOLD))["responses"]["404"]["content"]


def test_an_object_in_a_body_gets_a_name() -> None:
    inline = {"type": "object", "properties": {"a": {"type": "string"}}}
    document = compiled(of({}), answer={"description": "ok", "content": {"application/json": {"schema": inline}}})
    assert get(document)["responses"]["200"]["content"]["application/json"]["schema"] == {
        "$ref": "#/components/schemas/GetThingAnswer"
    }


@pytest.mark.proves("R-C7")
def test_a_list_of_words_in_an_answer_is_open() -> None:
    state = thing(compiled(of({"type": "string", "enum": ["new", "done"]})))["properties"]["field"]
    assert state == {"type": "string", "examples": ["new", "done"], "x-extensible-enum": ["new", "done"]}


def test_examples_that_are_no_words_are_no_list() -> None:
    code = thing(compiled(of({"type": "string", "examples": ["H12.13-260615-0007", "H12.13-260615-0008"]})))["properties"]["field"]
    assert "x-extensible-enum" not in code


def test_variants_are_told_apart_by_the_property_they_fix() -> None:
    document = generated(of({"oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}]}))
    for name in ("Cat", "Dog"):
        document["components"]["schemas"][name] = {"type": "object", "properties": {"kind": {"const": name.lower()}}}
    union = thing(compile_contract(document, TOLD))["properties"]["field"]
    mapping = {"cat": "#/components/schemas/Cat", "dog": "#/components/schemas/Dog"}
    assert union["discriminator"] == {"propertyName": "kind", "mapping": mapping}


def test_security_is_said_either_way() -> None:
    assert get(compiled(of({})))["security"] == [{"oauth": []}]
    nobody = compiled(of({}), Told(schemas=TOLD.schemas))
    assert (get(nobody)["security"], get(nobody)["x-callers"]) == ([], ["everybody"])


def test_a_conditional_read_says_so() -> None:
    told = Told(schemas=TOLD.schemas, conditional=frozenset({"getThing"}))
    operation = get(compiled(of({}), told))
    assert "304" in operation["responses"]
    assert "ETag" in operation["responses"]["200"]["headers"]
    assert [p["name"] for p in operation["parameters"] if "name" in p] == ["If-None-Match"]


def test_a_repeatable_write_asks_for_its_key() -> None:
    told = Told(schemas=TOLD.schemas, repeatable={"getThing": True}, versioned={"getThing": False})
    framework = [{"name": "if-match", "in": "header", "required": False}]
    operation = get(compiled(of({}), told, parameters=framework))
    said = [(p["name"], p["required"]) for p in operation["parameters"] if "name" in p]
    assert said == [("If-Match", False), ("Idempotency-Key", True)]


@pytest.mark.proves("R-B6", "R-B7")
@pytest.mark.parametrize(("codes", "headers"), [((), ["Accept-Language"]), (("too_old",), [*INTRODUCTIONS])])
def test_an_app_is_told_how_to_introduce_itself_and_a_generator_is_not(codes: tuple[str, ...], headers: list[str]) -> None:
    told = Told(problems={"getThing": codes}, catalogue={"too_old": ProblemFacts(426, "Too old.", {})}, schemas=TOLD.schemas)
    document = compiled(of({}), told)
    assert [resolved(document, parameter)["name"] for parameter in get(document)["parameters"]] == headers
    assert "parameters" not in get(sdk_profile(document))
    assert "parameters" not in sdk_profile(document)["components"]


def test_what_a_docstring_raises_is_no_description() -> None:
    document = compiled(of({}), description="A thing.\n\nRaises:\n    ThingNotFound: there is none.")
    assert get(document)["description"] == "A thing."


def test_an_example_is_made_of_others() -> None:
    examples = {"A": {"x": {"value": {"id": "1", "name": "n"}}}}
    assert whole([{"$example": "A/x", "id": "2"}], examples) == [{"id": "2", "name": "n"}]
    with pytest.raises(KeyError):
        whole({"$example": "B/x"}, examples)


@pytest.mark.proves("R-C8")
def test_a_message_is_a_webhook_and_its_schema_outlives_the_sdk_profile() -> None:
    push = PushFacts("thing.came_true", "It came", "Look", "thing", "t_title", "t_body", urgent=True, ttl_s=60)
    document = compiled(of({}), Told(schemas=TOLD.schemas, pushes=[push]))
    assert document["webhooks"]["thingCameTrue"]["post"]["x-push"]["ttlSeconds"] == 60
    sdk = sdk_profile(document)
    assert "webhooks" not in sdk
    assert "ThingCameTrueData" in sdk["components"]["schemas"]
    assert webhook_name("a.b_c") == "aBC"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"type": "string", "examples": ["a", "b"]}, {"type": "string", "example": "a", "x-extensible-enum": ["a", "b"]}),
        ({"const": "a"}, {"enum": ["a"]}),
        (
            {"type": "integer", "exclusiveMinimum": 1},
            {"type": "integer", "format": "int64", "minimum": 1, "exclusiveMinimum": True},
        ),
        ({"$ref": "#/components/schemas/Thing", "description": "again"}, {"$ref": "#/components/schemas/Thing"}),
        ({"type": "string", "contentMediaType": "application/pdf"}, {"type": "string", "format": "binary"}),
        ({"type": "object", "required": []}, {"type": "object"}),
    ],
)
def test_the_sdk_profile_speaks_the_older_standard(before: Document, after: Document) -> None:
    assert thing(sdk_profile(compiled(of(before))))["properties"]["field"] == after


def test_a_property_called_example_is_a_property() -> None:
    field = {"type": "object", "properties": {"example": {"type": "integer"}, "value": {"type": "integer"}}}
    properties = thing(sdk_profile(compiled(of(field))))["properties"]["field"]["properties"]
    assert {p["format"] for p in properties.values()} == {"int64"}


def test_what_no_signature_says_is_laid_over() -> None:
    generated = {"parameters": [{"name": "a"}, {"name": "b", "in": "query"}], "responses": {"200": {"description": "x"}}}
    document = {"paths": {"/things": {"get": {"operationId": "getThing", **generated}}}}
    over = {"parameters": [{"name": "b", "in": "header"}], "responses": {"200": {"headers": {"X": {}}}}, "requestBody": {}}
    laid_over(document, {"getThing": over, "another": {}})
    assert document["paths"]["/things"]["get"] == {
        "operationId": "getThing",
        "parameters": [{"name": "a"}, {"name": "b", "in": "header"}],
        "responses": {"200": {"description": "x", "headers": {"X": {}}}},
        "requestBody": {},
    }
