"""Every audience has fields of its own: what the contract promises one, it does not slip to another (SEC-46)."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.api import Api

pytestmark = pytest.mark.proves("SEC-46")

# What no answer may ever hold, whoever asks: secrets, look-ups, the insides of the database, and the number itself.
NEVER = {"personalNumber", "citizenKey", "nameTokens", "search", "outbox", "relay", "key", "keyId", "timelineKey", "sealed", "jkt"}
# What is an office's own: who signed, where it came from, the applicant's name among others', the audit's insides.
OFFICES_ONLY = {"applicantName", "subjects", "actor", "prevHash", "hash", "network", "touched"}


def properties(schema: Any, components: dict[str, Any], seen: frozenset[str] = frozenset()) -> Iterator[str]:
    """Every property name of a schema, at any depth."""
    if isinstance(schema, list):
        for part in schema:
            yield from properties(part, components, seen)
    if not isinstance(schema, dict):
        return
    if reference := schema.get("$ref"):
        name = str(reference).rpartition("/")[2]
        if name not in seen:
            yield from properties(components[name], components, seen | {name})
    for name, child in schema.get("properties", {}).items():
        yield name
        yield from properties(child, components, seen)
    for word in ("items", "oneOf", "anyOf", "allOf", "additionalProperties"):
        yield from properties(schema.get(word), components, seen)


def answers(api: Api) -> Iterator[tuple[str, str, set[str]]]:
    """Every operation: its id, its path, and the names in what it answers when all goes well."""
    contract = api.app.openapi_schema.to_schema()
    for path, operations in contract["paths"].items():
        for operation in operations.values():
            good = [answer for status, answer in operation.get("responses", {}).items() if str(status).startswith("2")]
            schemas = [media.get("schema") for answer in good for media in (answer.get("content") or {}).values()]
            yield operation["operationId"], path, set(properties(schemas, contract["components"]["schemas"]))


async def test_no_answer_holds_what_nobody_may_have(api: Api) -> None:
    found = {name: names & NEVER for name, path, names in answers(api) if path.startswith("/v1") and names & NEVER}
    assert found == {}


async def test_what_is_an_offices_own_is_in_no_answer_to_a_citizen_or_a_system(api: Api) -> None:
    shown = dict.fromkeys(OFFICES_ONLY, False)
    for name, path, names in answers(api):
        if path.startswith("/v1/staff"):
            shown |= dict.fromkeys(names & OFFICES_ONLY, True)
        elif path.startswith("/v1"):
            assert names & OFFICES_ONLY == set(), name
    assert shown["applicantName"], "this test looks in the wrong place"
    assert shown["hash"]
