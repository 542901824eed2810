"""Every route says who may call it, what it is called, and exactly what it takes."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from litestar import Litestar
from litestar.datastructures import UploadFile
from litestar.handlers import HTTPRouteHandler
from msgspec.inspect import AnyType, DictType, StructType, type_info

from backend.app.openapi import contract
from kernel.http.access import Access
from kernel.http.conditional import UNTAGGED, is_conditional
from kernel.http.negotiation import PRODUCES
from openapi.document import Document, operations

OPERATION_ID = re.compile(r"[a-z]+([A-Z][a-z0-9]+)*")
LONGEST_SUMMARY = 60


@pytest.fixture(scope="module")
def handlers(app: Litestar) -> dict[str, HTTPRouteHandler]:
    """Our handlers by method and path; what a GET answers to HEAD, and the framework to OPTIONS, is nothing of its own."""
    return {
        f"{method} {route.path}": handler
        for route in app.routes
        for handler in getattr(route, "route_handlers", [])
        for method in handler.http_methods
        if handler.operation_id or method not in ("OPTIONS", "HEAD")
    }


@pytest.fixture(scope="module")
def documented(app: Litestar) -> list[Document]:
    return [operation for _, _, operation in operations(contract(app))]


def test_every_route_declares_who_may_call_it(handlers: dict[str, HTTPRouteHandler]) -> None:
    open_doors = [
        route for route, handler in handlers.items() if not any(isinstance(guard, Access) for guard in handler.resolve_guards())
    ]
    assert open_doors == []


def test_the_contract_says_of_each_operation_who_may_call_it(
    handlers: dict[str, HTTPRouteHandler], documented: list[Document]
) -> None:
    asks_for_somebody = {
        handler.operation_id: any(isinstance(guard, Access) and guard.kinds for guard in handler.resolve_guards())
        for handler in handlers.values()
    }
    assert {o["operationId"]: bool(o["security"]) for o in documented} == {
        o["operationId"]: asks_for_somebody[o["operationId"]] for o in documented
    }


def test_every_route_has_a_name_of_its_own_in_camel_case(handlers: dict[str, HTTPRouteHandler]) -> None:
    names = [str(handler.operation_id) for handler in handlers.values()]
    assert [name for name in names if not OPERATION_ID.fullmatch(name) or names.count(name) > 1] == []


def test_every_documented_operation_has_one_declared_tag_a_short_summary_and_a_description(
    app: Litestar, documented: list[Document]
) -> None:
    tags = {tag["name"] for tag in contract(app)["tags"]}
    assert [o["operationId"] for o in documented if len(o.get("tags", [])) != 1 or o["tags"][0] not in tags] == []
    assert [o["operationId"] for o in documented if not 0 < len(o.get("summary", "")) <= LONGEST_SUMMARY] == []
    assert [o["operationId"] for o in documented if not o.get("description")] == []


@pytest.mark.proves("R-B1")
def test_every_json_get_asks_whether_its_reader_has_the_present_version(handlers: dict[str, HTTPRouteHandler]) -> None:
    json_gets = {
        route: handler
        for route, handler in handlers.items()
        if route.startswith("GET ") and str(getattr(handler.media_type, "value", handler.media_type)) == "application/json"
    }
    assert len(json_gets) > 15, "hardly any GET answers JSON: this test looks in the wrong place"
    # Pages answer with a type of their own, and say so.
    silent = {route for route, h in json_gets.items() if not {UNTAGGED, PRODUCES} & set(h.opt) and not is_conditional(h)}
    assert silent == set(), "ask for `fresh: TheFresh` and read through it, or say why not: opt={UNTAGGED: 'why'}"


@pytest.mark.proves("SEC-50")
def test_a_body_is_a_struct_that_refuses_unknown_fields(handlers: dict[str, HTTPRouteHandler]) -> None:
    # An upload is a file and no structure; the routes without `data` read OAuth forms field by field (auth/forms.py).
    bodies = {
        route: handler.parsed_fn_signature.parameters["data"].annotation
        for route, handler in handlers.items()
        if "data" in handler.parsed_fn_signature.parameters
    }
    assert bodies, "no route takes a body: this test looks in the wrong place"
    loose = {route: list(loosely_typed(body)) for route, body in bodies.items() if body is not UploadFile}
    assert {route: found for route, found in loose.items() if found} == {}


@pytest.mark.proves("SEC-50")
def test_a_struct_that_forgives_or_takes_anything_is_found() -> None:
    class Forgiving(msgspec.Struct):
        anything: list[Any]
        by_name: dict[str, int]

    assert sorted(loosely_typed(list[Forgiving])) == ["Any", "Forgiving forgives unknown fields", "dict"]


def loosely_typed(body: Any) -> Iterator[str]:
    """What in a type would let a caller smuggle in a structure of its own, at any depth."""
    yield from _loose(type_info(body), set())


def _loose(node: Any, seen: set[type]) -> Iterator[str]:
    if isinstance(node, AnyType | DictType):
        yield "Any" if isinstance(node, AnyType) else "dict"
    elif isinstance(node, StructType):
        if node.cls not in seen:
            seen.add(node.cls)
            if not node.forbid_unknown_fields:
                yield f"{node.cls.__name__} forgives unknown fields"
            for field in node.fields:
                yield from _loose(field.type, seen)
    elif isinstance(node, msgspec.Struct):
        for child in msgspec.structs.astuple(node):
            for part in child if isinstance(child, tuple) else (child,):
                yield from _loose(part, seen)
