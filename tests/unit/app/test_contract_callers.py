"""The contract says of each operation who may call it, read off the guards that decide it."""

from typing import Any

import pytest
from litestar import Litestar, get
from litestar.handlers import HTTPRouteHandler

from backend.app.factory import create_app
from backend.app.openapi import contract
from backend.app.parts import make_parts
from backend.app.told import callers_of
from backend.settings import Settings
from kernel.http.access import citizens, everybody, signed_in, staff, systems
from openapi.document import PROBLEM_TYPE, operations, resolved


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
        errors = [resolved(document, answer) for status, answer in operation["responses"].items() if status >= "400"]
        # The browser is shown pages, and OAuth has errors of its own (RFC 6749, 5.2).
        if operation["tags"] != ["Sign-in"]:
            assert {kind for error in errors for kind in error["content"]} == {PROBLEM_TYPE}, (method, path)


def test_what_can_go_wrong_with_a_result_is_said_by_name() -> None:
    document = contract(create_app(make_parts(Settings())))
    by_id = {operation["operationId"]: operation for _, _, operation in operations(document)}
    conflicts = by_id["publishResult"]["responses"]["409"]["content"][PROBLEM_TYPE]["examples"]
    assert {"result_already_published", "move_not_allowed", "stale_version"} <= set(conflicts)
    assert "file_not_accepted" in by_id["publishResult"]["responses"]["400"]["content"][PROBLEM_TYPE]["examples"]
