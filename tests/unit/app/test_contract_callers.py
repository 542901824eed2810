"""The contract says of each operation who may call it, read off the guards that decide it."""

from typing import Any

import pytest
from litestar import Litestar, get
from litestar.handlers import HTTPRouteHandler

from backend.app.factory import create_app
from backend.app.openapi import callers_of, contract
from backend.app.parts import make_parts
from backend.settings import Settings
from kernel.http.access import citizens, everybody, signed_in, staff, systems
from openapi.compiler import operations


def handler(*guards: Any) -> HTTPRouteHandler:
    """A route with these guards, one after the other."""

    @get("/", guards=list(guards), sync_to_thread=False)
    def route() -> None: ...

    app = Litestar([route], openapi_config=None)
    return next(h for r in app.routes for h in r.route_handlers if h.fn is route.fn)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("guards", "callers"),
    [
        ([everybody], []),
        ([citizens], ["citizen"]),
        ([signed_in], ["citizen", "staff"]),
        ([staff()], ["staff"]),
        ([staff(), staff("approver")], ["staff"]),
        ([systems("dossiers:write")], ["system"]),
        ([everybody, citizens], ["citizen"]),
        ([signed_in, staff("approver")], ["staff"]),
        ([], []),
    ],
    ids=[
        "everybody",
        "citizens",
        "signed in",
        "staff",
        "a role of staff",
        "systems",
        "everybody's, then citizens'",
        "narrowed",
        "none",
    ],
)
def test_who_gets_in_is_who_passes_every_guard(guards: list[Any], callers: list[str]) -> None:
    assert callers_of(handler(*guards)) == callers


def test_an_operation_for_somebody_asks_for_a_token_and_one_for_everybody_does_not() -> None:
    document = contract(create_app(make_parts(Settings())))
    for path, method, operation in operations(document):
        somebody = operation["x-callers"] != ["everybody"]
        assert operation["security"] == ([{"oauth": []}] if somebody else []), (method, path)
    by_id = {operation["operationId"]: operation["x-callers"] for _, _, operation in operations(document)}
    assert by_id["publishResult"] == ["staff"]
    assert by_id["downloadResult"] == ["citizen"]
    assert by_id["recordDossierEvents"] == ["system"]
    assert by_id["getMe"] == ["citizen", "staff", "system"]
    assert by_id["listProcedures"] == ["everybody"]


def test_every_answer_but_success_is_a_problem() -> None:
    document = contract(create_app(make_parts(Settings())))
    for path, method, operation in operations(document):
        assert operation["responses"]["default"] == {"$ref": "#/components/responses/Problem"}, (method, path)
        assert [status for status in operation["responses"] if status >= "400" and status != "default"] == [], (method, path)
    assert set(document["components"]["responses"]["Problem"]["content"]) == {"application/problem+json"}
