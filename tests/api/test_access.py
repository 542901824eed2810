"""Every route, and what each kind of caller gets from it."""

import httpx2
import pytest

from kernel.ids import new_id
from tests.api.access_table import ANSWERS, CALLERS, CONSOLE, OAUTH, PROBLEMS
from tests.api.conformance import assert_documented
from tests.api.routes import ROUTES, Route, body_of, own_things, routes_of
from tests.support.api import Api, assert_problem

FORGED = "eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCIsImtpZCI6Im91cnMifQ.e30.c2lnbmVkIGJ5IHNvbWVib2R5IGVsc2U"
TABLED = [route for route in ROUTES if route.operation not in OAUTH | CONSOLE]


@pytest.mark.proves("SEC-44")
def test_every_route_is_in_the_table_and_nothing_else_is(module_api: Api) -> None:
    operations = [route.operation for route in routes_of(module_api.app)]
    assert sorted(operations) == sorted([*ANSWERS, *OAUTH, *CONSOLE])


def test_the_walk_sees_the_routes_of_the_running_app(module_api: Api) -> None:
    assert routes_of(module_api.app) == ROUTES


async def ask(api: Api, who: str, route: Route, path: str) -> httpx2.Response:
    """The right request, by this caller of the table."""
    request = body_of(route)
    if who == "forged":
        request["headers"] = {**request.get("headers", {}), "authorization": f"Bearer {FORGED}"}
    return await api.call("" if who in ("nobody", "forged") else who, route.method, path, **request)


def assert_kept_by_nobody_else(answer: httpx2.Response, route: Route) -> None:
    """Not kept at all; or by its reader alone, and shown again only when we say that it is still good (ADR 0016)."""
    kept = answer.headers["cache-control"]
    if route.who_may and "no-store" not in kept:
        assert (kept, "etag" in answer.headers) == ("private, no-cache", True), (route.operation, kept)


@pytest.mark.proves("SEC-27", "SEC-43", "SEC-44", "SEC-80")
@pytest.mark.parametrize("route", TABLED, ids=lambda route: route.operation)
async def test_everybody_gets_the_answer_of_the_table(api: Api, route: Route) -> None:
    for who in CALLERS:
        answer = await ask(api, who, route, route.filled(await own_things(api, route)))
        assert_kept_by_nobody_else(answer, route)
        expected = ANSWERS[route.operation][who]
        if expected.isdigit():
            assert answer.status_code == int(expected), (who, answer.text)
        else:
            assert_problem(answer, *PROBLEMS[expected])
        assert_documented(api.app, route.operation, answer)


# What others may follow is theirs to know of: tests/api/feedback/test_neighbours.py.
OPEN_TO_NEIGHBOURS = {"followReport", "unfollowReport"}


@pytest.mark.proves("SEC-43")
@pytest.mark.parametrize(
    "route",
    [r for r in TABLED if {"dossier_id", "feedback_id"} & set(r.parameters) and r.operation not in OPEN_TO_NEIGHBOURS],
    ids=lambda route: route.operation,
)
async def test_a_case_of_others_and_one_that_never_was_cannot_be_told_apart(api: Api, route: Route) -> None:
    stranger = {"lan": "nam", "hoa": "phuc", "minh": "phuc"}[route.who_may]
    foreign = await ask(api, stranger, route, route.filled(await own_things(api, route)))
    unknown = await ask(api, stranger, route, route.filled(dict.fromkeys(route.parameters, new_id())))
    assert {**foreign.json(), "traceId": ""} == {**unknown.json(), "traceId": ""}
    assert foreign.status_code == unknown.status_code == 404


@pytest.mark.parametrize("route", [route for route in TABLED if route.who_may], ids=lambda route: route.operation)
async def test_who_is_missing_a_token_is_told_which_kind(api: Api, route: Route) -> None:
    path = route.filled(dict.fromkeys(route.parameters, new_id()))
    without = await api.call("", route.method, path, **body_of(route))
    assert without.headers["www-authenticate"].split(", ")[0] == "Bearer"
    forged = await ask(api, "forged", route, path)
    assert forged.headers["www-authenticate"] == 'Bearer error="invalid_token"'


@pytest.mark.parametrize("header", ["Bearer", "Basic bGFuOmxhbg==", "DPoP x", "x", f"Bearer {'x' * 5_000}", "Bearer ố"])
async def test_a_header_that_is_no_token_of_ours_is_refused_even_where_none_is_needed(api: Api, header: str) -> None:
    for path in ("/v1/me", "/v1/procedures"):
        answer = await api.get("", path, headers={"authorization": header.encode()})
        assert_problem(answer, 401, "token_invalid")


@pytest.mark.proves("SEC-26")
async def test_a_token_counts_in_the_header_alone(api: Api) -> None:
    token = await api.callers.token("lan")
    assert_problem(await api.get("", f"/v1/dossiers?access_token={token}"), 400, "parameter_unknown")
    assert_problem(await api.get("", "/v1/dossiers", headers={"cookie": f"access_token={token}"}), 401, "unauthenticated")


async def test_two_tokens_are_none(api: Api) -> None:
    one, two = (await api.bearer("lan"))["authorization"], (await api.bearer("nam"))["authorization"]
    answer = await api.http.get("/v1/me", headers=[("authorization", one), ("authorization", two)])
    assert_problem(answer, 401, "token_invalid")
