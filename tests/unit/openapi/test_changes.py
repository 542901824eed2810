"""Which change breaks an installed app depends on who sends what (R-C4)."""

import copy
from typing import Any

import pytest

from openapi.changes import breaking, changes
from openapi.document import Document

REF = {"$ref": "#/components/schemas/Thing"}
A_THING = {"content": {"application/json": {"schema": REF}}}
BEFORE: Document = {
    "paths": {
        "/things": {
            "post": {
                "operationId": "makeThing",
                "parameters": [{"in": "query", "name": "q", "schema": {"type": "string", "maxLength": 20}}],
                "security": [],
                "x-callers": ["citizen", "staff"],
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/MakeThing"}}}},
                "responses": {"201": A_THING, "404": {"description": "none"}},
            }
        },
        "/things/{id}": {"get": {"operationId": "getThing", "responses": {"200": A_THING}}},
    },
    "webhooks": {
        "thingReady": {
            "post": {
                "operationId": "onThingReady",
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/ThingPush"}}}},
                "responses": {"200": {"description": "nothing"}},
                "x-push": {"titleKey": "thing_ready_title", "bodyKey": "thing_ready_body", "ttlSeconds": 60},
            }
        }
    },
    "components": {
        "schemas": {
            "ThingPush": {
                "type": "object",
                "properties": {"nid": {"type": "string"}, "category": {"type": "string", "enum": ["thing"]}},
                "required": ["nid"],
            },
            "Thing": {
                "type": "object",
                "properties": {"id": {"type": "string"}, "size": {"type": "integer"}, "parts": {"type": "array", "items": REF}},
                "required": ["id"],
            },
            "MakeThing": {
                "type": "object",
                "properties": {"kind": {"type": "string", "enum": ["a", "b"]}, "name": {"type": "string"}},
                "required": ["kind"],
            },
        }
    },
}
OPERATION = ("paths", "/things", "post")
THING, MAKE = ("components", "schemas", "Thing"), ("components", "schemas", "MakeThing")
PUSHED, PUSH = ("components", "schemas", "ThingPush"), ("webhooks", "thingReady", "post")
GONE = object()


def changed(path: tuple[Any, ...], value: Any) -> Document:
    after = copy.deepcopy(BEFORE)
    place: Any = after
    for step in path[:-1]:
        place = place[step]
    if value is GONE:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return after


BREAKS = [
    (("paths", "/things/{id}"), GONE, "GET /things/{id}: removed"),
    ((*THING, "properties", "size"), GONE, "POST /things 201 Thing.size: removed"),
    ((*THING, "properties", "size"), {"type": "string"}, "POST /things 201 Thing.size: string instead of integer"),
    ((*THING, "required"), [], "POST /things 201 Thing.id: may be absent now"),
    ((*MAKE, "required"), ["kind", "name"], "POST /things request MakeThing.name: required now"),
    ((*MAKE, "properties", "name"), GONE, "POST /things request MakeThing.name: removed"),
    ((*MAKE, "properties", "name", "maxLength"), 5, "POST /things request MakeThing.name: maxLength 5 instead of None"),
    ((*MAKE, "properties", "kind", "enum"), ["a"], "POST /things request MakeThing.kind: 'b' is no value any more"),
    ((*OPERATION, "operationId"), "createThing", "POST /things: called createThing instead of makeThing"),
    ((*OPERATION, "security"), [{"oauth": []}], "POST /things: needs a token now"),
    ((*OPERATION, "x-callers"), ["staff"], "POST /things: no longer for citizen"),
    ((*OPERATION, "parameters"), [], "POST /things query q: removed"),
    ((*OPERATION, "parameters", 0, "required"), True, "POST /things query q: required now"),
    ((*OPERATION, "parameters", 0, "schema", "maxLength"), 10, "POST /things query q: maxLength 10 instead of 20"),
    ((*OPERATION, "requestBody", "required"), True, "POST /things request: required now"),
    ((*OPERATION, "responses", "201"), GONE, "POST /things 201: removed"),
    (("webhooks", "thingReady"), GONE, "PUSH thingReady: removed"),
    (("webhooks",), GONE, "PUSH thingReady: removed"),
    ((*PUSH, "requestBody"), GONE, "PUSH thingReady application/json: removed"),
    ((*PUSHED, "properties", "nid"), GONE, "PUSH thingReady ThingPush.nid: removed"),
    ((*PUSHED, "required"), [], "PUSH thingReady ThingPush.nid: may be absent now"),
    (
        (*PUSHED, "properties", "category", "enum"),
        ["thing", "other"],
        "PUSH thingReady ThingPush.category: 'other' is a value now",
    ),
    ((*PUSH, "x-push", "bodyKey"), "thing_body", "PUSH thingReady bodyKey: thing_body instead of thing_ready_body"),
]
BREAKS_NOTHING = [
    ((*THING, "properties", "colour"), {"type": "string"}),
    ((*THING, "required"), ["id", "size"]),
    ((*MAKE, "properties", "colour"), {"type": "string"}),
    ((*MAKE, "properties", "kind", "enum"), ["a", "b", "c"]),
    ((*MAKE, "required"), []),
    ((*OPERATION, "parameters", 0, "schema", "maxLength"), 30),
    ((*OPERATION, "responses", "404"), GONE),
    ((*OPERATION, "responses", "409"), {"description": "taken"}),
    (("webhooks", "otherReady"), BEFORE["webhooks"]["thingReady"]),
    ((*PUSHED, "properties", "size"), {"type": "string"}),
    ((*PUSHED, "required"), ["nid", "category"]),
    (("paths", "/others"), {"get": {"operationId": "listOthers", "responses": {}}}),
]


@pytest.mark.proves("R-C4")
@pytest.mark.parametrize(("path", "value", "said"), BREAKS, ids=lambda part: part if isinstance(part, str) else "")
def test_what_an_app_relied_on_or_does_not_know_breaks_it(path: tuple[Any, ...], value: Any, said: str) -> None:
    assert [str(change) for change in breaking(BEFORE, changed(path, value))] == [said]


@pytest.mark.proves("R-C4")
@pytest.mark.parametrize(("path", "value"), BREAKS_NOTHING, ids=lambda part: str(part[-1]) if isinstance(part, tuple) else "")
def test_what_an_app_can_overlook_breaks_nothing(path: tuple[Any, ...], value: Any) -> None:
    after = changed(path, value)
    assert breaking(BEFORE, after) == []
    assert path[-1] == "required" or changes(BEFORE, after)


def test_the_same_is_no_change() -> None:
    assert changes(BEFORE, copy.deepcopy(BEFORE)) == []


def test_a_closed_list_may_not_grow_where_the_server_sends_it() -> None:
    closed = {"type": "string", "enum": ["x"]}
    before = changed((*THING, "properties", "state"), closed)
    after = changed((*THING, "properties", "state"), {**closed, "enum": ["x", "y"]})
    assert [str(change) for change in breaking(before, after)] == ["POST /things 201 Thing.state: 'y' is a value now"]
