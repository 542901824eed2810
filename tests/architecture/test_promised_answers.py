"""The contract promises what the server does and nothing besides: no status that cannot come, no header that is not said (R-C6)."""

from typing import Any

import pytest
from litestar import Litestar

from backend.app.openapi import contract as contract_of
from backend.app.raised import every_problem
from backend.app.told import handlers_of
from kernel.http.app_version import ALWAYS_SERVED
from kernel.http.head import ONCE
from kernel.http.limits import LIMITS
from openapi.document import PROBLEM_TYPE, Document, operations, resolved

# What they refuse they show as a page.
PAGES = {"authorize", "finishSignIn"}


@pytest.fixture(scope="module")
def contract(app: Litestar) -> Document:
    return contract_of(app)


@pytest.fixture(scope="module")
def answers(contract: Document) -> dict[str, dict[str, Document]]:
    """By operation and status."""
    found = {o["operationId"]: o["responses"] for _, _, o in operations(contract) if o["operationId"] not in PAGES}
    return {name: {status: resolved(contract, one) for status, one in all_.items()} for name, all_ in found.items()}


def codes(answer: Document) -> set[str]:
    return set(answer.get("content", {}).get(PROBLEM_TYPE, {}).get("examples", {}))


def opt_of(app: Litestar) -> dict[str, dict[str, Any]]:
    return {str(handler.operation_id): handler.opt for handler in handlers_of(app)}


@pytest.mark.proves("R-B6")
def test_an_app_too_old_and_a_closed_door_are_foreseen_wherever_they_are_met(
    app: Litestar, answers: dict[str, dict[str, Document]]
) -> None:
    always = {name for name, opt in opt_of(app).items() if opt.get(ALWAYS_SERVED)}
    assert {name for name, said in answers.items() if "426" not in said} == always & set(answers)
    assert {name for name, said in answers.items() if "under_maintenance" not in codes(said["503"])} == always & set(answers)


@pytest.mark.proves("R-C12")
def test_limits_are_told_of_wherever_they_are_counted(app: Litestar, answers: dict[str, dict[str, Document]]) -> None:
    free = {name for name, opt in opt_of(app).items() if opt.get(LIMITS) == ()} & set(answers)
    assert {"getLiveness", "getSigningKeys"} <= free
    assert {name for name, said in answers.items() if "429" not in said} == free
    for name, said in answers.items():
        for status, answer in said.items():
            if status < "300" or status == "429":
                assert {"RateLimit", "RateLimit-Policy"} <= set(answer["headers"]) or name in free, (name, status)
                assert not (name in free and "RateLimit" in answer["headers"]), (name, status)


def test_a_method_is_refused_only_where_asking_would_use_something_up(
    app: Litestar, answers: dict[str, dict[str, Document]]
) -> None:
    once = {name for name, opt in opt_of(app).items() if opt.get(ONCE)}
    assert {name for name, said in answers.items() if "405" in said} == once & set(answers)


def test_a_stream_promises_what_becomes_of_it(answers: dict[str, dict[str, Document]]) -> None:
    assert "410" not in answers["followChanges"], "who comes with a stale id is told to look"
    assert "too_many_streams" in codes(answers["followChanges"]["429"])
    assert "410" in answers["getChanges"]


WITH_A_HEADER = {"precondition_failed": "ETag", "offset_mismatch": "Upload-Offset", "method_not_allowed": "Allow"}
WITH_A_HEADER |= {problem.code(): "Retry-After" for problem in every_problem() if problem.retry_after_s is not None}


@pytest.mark.proves("R-A1", "R-A3", "R-C6")
def test_a_problem_that_says_how_to_go_on_names_the_header_it_says_it_in(answers: dict[str, dict[str, Document]]) -> None:
    assert WITH_A_HEADER["idempotency_key_in_use"] == "Retry-After"
    seen = set()
    for name, said in answers.items():
        for status, answer in said.items():
            for code in codes(answer) & set(WITH_A_HEADER):
                seen.add(code)
                assert WITH_A_HEADER[code] in answer["headers"], (name, status, code)
    assert {"precondition_failed", "offset_mismatch", "method_not_allowed", "idempotency_key_in_use"} <= seen
    assert "Idempotency-Replayed" in answers["createUpload"]["201"]["headers"]
