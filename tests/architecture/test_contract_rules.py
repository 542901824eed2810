"""The contract keeps its promises to app developers, for every operation there is and every one that will be.

A route that is documented badly fails here. What to do: an example of a new schema goes into `openapi/examples`; a problem the
contract does not see goes into the `Raises:` of the handler's docstring; a list of known values of an answer is
`Annotated[str, Meta(examples=[...])]`.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator

from backend.app.factory import create_app
from backend.app.openapi import contract as contract_of
from backend.app.openapi import contract_texts
from backend.app.parts import make_parts
from backend.settings import Settings
from openapi.compiler import hand_written
from openapi.document import Document, media, nodes, operations, resolved, sent_and_answered

COMPONENT = re.compile(r"[A-Z][A-Za-z0-9]+")
MOST_BYTES = 4_000
"""What Firebase takes as the data of a message."""


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    # Looked at and never started: nothing is connected, so nothing has to be closed.
    return contract_texts(contract_of(create_app(make_parts(Settings()))))


@pytest.fixture(scope="module")
def contract(texts: dict[str, str]) -> Document:
    return dict(json.loads(texts["openapi.json"]))


@pytest.fixture(scope="module")
def sdk(texts: dict[str, str]) -> Document:
    return dict(json.loads(texts["openapi.sdk.json"]))


def bodies(document: Document) -> Iterator[tuple[str, str, Document]]:
    """Where it is, its media type and the content of every body of every operation and every push."""
    asked = [operation for _, _, operation in operations(document)]
    asked += [item["post"] for item in document.get("webhooks", {}).values()]
    for operation in asked:
        parts = [("request", operation.get("requestBody", {})), *operation["responses"].items()]
        for which, body in parts:
            for kind, content in media(resolved(document, body)):
                yield f"{operation['operationId']} {which}", kind, content


def examples(document: Document, content: Document) -> Iterator[Any]:
    """The values of a content's examples."""
    if "example" in content:
        yield content["example"]
    yield from (resolved(document, example)["value"] for example in content.get("examples", {}).values())


def test_both_profiles_are_what_they_say(contract: Document, sdk: Document) -> None:
    assert [str(error) for error in OpenAPIV31SpecValidator(contract).iter_errors()] == []
    assert [str(error) for error in OpenAPIV30SpecValidator(sdk).iter_errors()] == []
    assert (contract["openapi"][:4], sdk["openapi"]) == ("3.1.", "3.0.3")


@pytest.mark.proves("R-C1")
def test_every_body_has_an_example(contract: Document) -> None:
    bare = [f"{where} {kind}" for where, kind, content in bodies(contract) if not list(examples(contract, content))]
    assert bare == [], "write one into openapi/examples"


@pytest.mark.proves("R-C5")
def test_every_example_is_what_its_schema_says(contract: Document) -> None:
    wrong = []
    for where, _, content in bodies(contract):
        check = Draft202012Validator({**content["schema"], "components": contract["components"]}, format_checker=FormatChecker())
        for example in examples(contract, content):
            wrong += [f"{where} {error.json_path}: {error.message}" for error in check.iter_errors(example)]
    assert wrong == []


def test_an_example_nobody_shows_is_not_kept(contract: Document) -> None:
    names = set(contract["components"]["schemas"])
    asked = {where for where, _, _ in bodies(contract)}
    used = {
        name for examples in hand_written("examples").values() for name in re.findall(r'"\$example": "(\w+)/', json.dumps(examples))
    }
    assert {name for name in hand_written("examples") if name not in names | asked | used} == set()


@pytest.mark.proves("R-C1")
def test_every_problem_is_an_example_with_its_code_and_its_status(contract: Document) -> None:
    for where, kind, content in bodies(contract):
        if kind == "application/problem+json" and not where.endswith("default"):
            for name, example in content["examples"].items():
                problem = resolved(contract, example)["value"]
                assert (problem["code"], str(problem["status"])) == (name, where.split()[-1]), where


@pytest.mark.proves("R-C1")
def test_every_operation_says_what_else_may_happen(contract: Document) -> None:
    assert [o["operationId"] for _, _, o in operations(contract) if "default" not in o["responses"]] == []
    assert [o["operationId"] for _, _, o in operations(contract) if o["security"] and "401" not in o["responses"]] == []


@pytest.mark.proves("R-C2")
def test_schemas_are_as_every_generator_likes_them(contract: Document) -> None:
    schemas = contract["components"]["schemas"]
    found = {name: list(nodes(schema)) for name, schema in schemas.items()}
    parameters = [node for _, _, operation in operations(contract) for node in nodes(operation.get("parameters", []))]
    everything = {**found, "parameters": parameters}
    assert [name for name in schemas if not COMPONENT.fullmatch(name)] == []
    assert where(everything, lambda node: "null" in (node.get("type"), *_list(node.get("type")))) == []
    assert where(everything, lambda node: len(node.get("oneOf", [1, 2])) < 2) == []
    assert where(everything, lambda node: "oneOf" in node and "discriminator" not in node) == []
    assert where(everything, lambda node: node.get("type") in ("integer", "number") and "format" not in node) == []
    # Litestar takes a time of day for a duration (Q9).
    assert where(everything, lambda node: node.get("format") == "duration") == []


def where(parts: dict[str, list[Document]], is_wrong: Any) -> list[str]:
    return [name for name, found in parts.items() if any(is_wrong(node) for node in found)]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


@pytest.mark.proves("R-C2")
def test_a_body_has_a_media_type_and_an_object_in_it_a_name(contract: Document) -> None:
    assert [where for where, kind, _ in bodies(contract) if not kind] == []
    assert [where for where, _, content in bodies(contract) if "properties" in content.get("schema", {})] == []


@pytest.mark.proves("R-C7")
def test_a_list_of_values_is_closed_only_where_callers_send_it(contract: Document) -> None:
    sent, answered = sent_and_answered(contract)
    schemas = contract["components"]["schemas"]
    closed = {name for name in answered for node in nodes(schemas[name]) if len(node.get("enum", [])) > 1}
    assert closed == set()
    opened = {name for name in sent - answered for node in nodes(schemas[name]) if "x-extensible-enum" in node}
    assert opened == set()
    assert any("enum" in node for name in sent for node in nodes(schemas[name])), "this test looks in the wrong place"


@pytest.mark.proves("R-C8")
def test_a_push_carries_strings_and_few_of_them(contract: Document) -> None:
    assert "dossierResultReady" in contract["webhooks"]
    for name, item in contract["webhooks"].items():
        (content,) = item["post"]["requestBody"]["content"].values()
        data = resolved(contract, resolved(contract, content["schema"])["properties"]["data"])
        assert {p["type"] for p in data["properties"].values()} == {"string"}, name
        assert data["additionalProperties"] is False
        for example in examples(contract, content):
            assert len(json.dumps(example["data"]).encode()) < MOST_BYTES
        said = item["post"]["x-push"]
        assert {"ttlSeconds", "priority", "collapseKey", "deepLink", "titleKey", "bodyKey"} <= set(said)


def test_the_sdk_profile_has_the_same_operations_and_no_webhooks(contract: Document, sdk: Document) -> None:
    assert "webhooks" not in sdk
    assert [o["operationId"] for _, _, o in operations(sdk)] == [o["operationId"] for _, _, o in operations(contract)]
    assert set(sdk["components"]["schemas"]) == set(contract["components"]["schemas"])
