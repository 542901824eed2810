"""Whatever is wrong with a request, every route answers with a clear problem: found by walking the routes, not by listing them."""

import copy
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from backend.app.factory import MAX_BODY_BYTES
from backend.dossiers.api.integration import MAX_BATCH_BYTES
from kernel.http.bodies import MAX_DEPTH
from tests.api.access_table import CONSOLE, OAUTH, OPEN311, bodies
from tests.api.paged_lists import PAGED as PAGED_LISTS
from tests.api.routes import ROUTES, Route, body_of, own_things
from tests.support.api import Api, assert_problem

# Plain, an operator, an operator as JSON, a way out, a NUL, an emoji, too long.
STRANGE_IDS = ["no-such-thing-anywhere", "%24ne", "%7B%22%24ne%22%3Anull%7D", "..%2f..%2fetc", "%00", "%F0%9F%92%A5", "x" * 3_000]
OURS = [route for route in ROUTES if route.operation not in OAUTH | OPEN311 | CONSOLE]
WITH_JSON = [route for route in OURS if "json" in body_of(route)]
WITH_PATH = [route for route in OURS if route.parameters]
# There are so few of these that there is one page.
WHOLE = {
    "listMySessions",
    "listConsents",
    "listErasureRequests",
    "listMyDataRequests",
    "listFeedbackCategories",
    "listFeedbackDoors",
}
WHOLE |= {"listDirectoryAgencies", "listDocuments", "listStaffDocuments", "listMyDelegations", "listContacts"}
WHOLE |= {"listFollowedFeedback", "listNearbyFeedback", "listAnswerTemplates"}
# What these take may be left out, all of it.
EMPTY_WILL_DO = {"changePreferences", "classifyFeedback", "assignFeedback", "startFeedback", "takeBackFeedback", "approveAnswer"}
PAGED = [route for route in OURS if route.operation.startswith("list") and route.operation not in WHOLE]


def name(route: Route) -> str:
    return route.operation


async def send(api: Api, route: Route, **request: Any) -> httpx2.Response:
    """A request of somebody who may, about something that is theirs: only what is sent is wrong."""
    usual = bodies()[route.operation].headers if route.operation in bodies() else {}
    headers = {"content-type": "application/json", **usual, **request.pop("headers", {})}
    return await api.call(route.who_may, route.method, route.filled(await own_things(api, route)), headers=headers, **request)


def raw(content: bytes, content_type: str = "") -> dict[str, Any]:
    return {"content": content, "headers": {"content-type": content_type} if content_type else {}}


def test_the_walk_finds_the_routes_that_take_something() -> None:
    with_json = {operation for operation, body in bodies().items() if body.json is not None}
    assert {route.operation for route in WITH_JSON} == with_json
    assert len(WITH_PATH) > 10
    assert {route.operation for route in PAGED} == PAGED_LISTS.keys()


@pytest.mark.proves("SEC-52", "SEC-55")
@pytest.mark.parametrize("route", WITH_JSON, ids=name)
@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b'{"a":', 400, "body_malformed"),
        (b"\xff\xfe", 400, "body_malformed"),
        (b'{"a":1,"a":2}', 400, "duplicate_key"),
        (b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1), 400, "body_too_deep"),
        (b"[" * 100_000, 400, "body_too_deep"),
        (b"", 400, "invalid"),
        (b"null", 400, "invalid"),
        (b"[]", 400, "invalid"),
        (b'"text"', 400, "invalid"),
        (b"{}", 400, "invalid"),
        # The one route with a larger limit is the feed's, which takes a thousand events with long notes.
        (b'"' + b"x" * max(MAX_BODY_BYTES, MAX_BATCH_BYTES) + b'"', 413, "too_large"),
    ],
    ids=["cut off", "not UTF-8", "key twice", "too deep", "bomb", "empty", "null", "list", "text", "nothing in it", "too large"],
)
async def test_a_body_that_is_not_what_it_should_be(api: Api, route: Route, content: bytes, status: int, code: str) -> None:
    answer = await send(api, route, **raw(content))
    if content == b"{}" and route.operation in EMPTY_WILL_DO:
        assert answer.status_code == 200
        return
    if content == b"{}" and route.operation == "lookUpDossier":
        # Nothing was asked for, so nothing is found: the one answer of a look-up by slip.
        assert_problem(answer, 404, "dossier_not_found")
        return
    assert_problem(answer, status, code)


@pytest.mark.proves("SEC-52")
@pytest.mark.parametrize("route", WITH_JSON, ids=name)
@pytest.mark.parametrize("content_type", ["text/plain", "application/x-yaml", "application/xml"])
async def test_a_body_of_another_type(api: Api, route: Route, content_type: str) -> None:
    assert_problem(await send(api, route, **raw(b"{}", content_type)), 415, "unsupported_media_type")


@pytest.mark.proves("SEC-50")
@pytest.mark.parametrize("route", WITH_JSON, ids=name)
async def test_a_field_nobody_asked_for_is_an_error_at_every_depth(api: Api, route: Route) -> None:
    whole = bodies()[route.operation].json
    for path in objects_in(whole):
        body = copy.deepcopy(whole)
        at(body, path)["role"] = "approver"
        assert_problem(await send(api, route, json=body), 400, "invalid")


@pytest.mark.proves("SEC-50", "SEC-51")
@pytest.mark.parametrize("route", WITH_JSON, ids=name)
async def test_no_text_field_takes_an_operator(api: Api, route: Route) -> None:
    whole = bodies()[route.operation].json
    for path in texts_in(whole):
        # To the decoder a number is a time, in seconds since 1970: odd, and no harm.
        numbers = [] if route.operation == "sendReceipts" and path[-1] == "at" else [7]
        for smuggled in ({"$ne": None}, {"$gt": ""}, {"$regex": ".*"}, ["a"], *numbers, True):
            body = copy.deepcopy(whole)
            at(body, path[:-1])[path[-1]] = smuggled
            assert_problem(await send(api, route, json=body), 400, "invalid")


@pytest.mark.proves("SEC-51")
@pytest.mark.parametrize("route", WITH_PATH, ids=name)
@pytest.mark.parametrize("strange", STRANGE_IDS, ids=lambda strange: strange[:12])
async def test_an_id_of_nothing(api: Api, route: Route, strange: str) -> None:
    answer = await api.call(route.who_may, route.method, route.filled(dict.fromkeys(route.parameters, strange)), **body_of(route))
    if route.operation == "registerPushTarget" and answer.status_code == 200:
        assert strange == STRANGE_IDS[0], "a phone names itself, within reason"
        return
    if route.operation == "unfollowReport" and answer.status_code == 204:
        # What is not followed is left already.
        return
    problem = assert_problem(answer, answer.status_code, answer.json()["code"])
    assert problem["status"] in (400, 404)


@pytest.mark.parametrize("route", PAGED, ids=name)
@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("limit=0", "invalid"),
        ("limit=101", "invalid"),
        ("limit=many", "invalid"),
        ("cursor=nonsense", "cursor_malformed"),
        ("cursor=W10", "cursor_malformed"),
        ("cursor=WyRuZV0", "cursor_malformed"),
        (f"cursor={'x' * 600}", "invalid"),
    ],
    ids=lambda value: value[:20],
)
async def test_a_page_nobody_can_turn_to(api: Api, route: Route, query: str, code: str) -> None:
    problem = assert_problem(await api.get(route.who_may, f"{route.path}?{query}"), 400, code)
    if query.startswith("limit"):
        assert [error["pointer"] for error in problem["errors"]] == ["limit"]


@pytest.mark.parametrize("path", sorted({route.path for route in ROUTES}))
async def test_a_method_an_address_does_not_take(api: Api, path: str) -> None:
    methods = {route.method for route in ROUTES if route.path == path}
    route = next(route for route in ROUTES if route.path == path)
    url = route.filled(dict.fromkeys(route.parameters, "x" * 20))
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - methods:
        answer = await api.call("", method, url)
        assert_problem(answer, 405, "method_not_allowed")
        assert methods <= set(answer.headers["allow"].replace(" ", "").split(","))


@pytest.mark.parametrize(
    "path", ["/", "/v1", "/v2/dossiers", "/v1/dossier", "/schema", "/docs/redoc", "/v1/dossiers/x/y/z", "/.env"]
)
async def test_an_address_that_does_not_exist(api: Api, path: str) -> None:
    for who in ("", "lan"):
        assert_problem(await api.get(who, path), 404, "route_not_found")


def objects_in(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where in a body the objects are."""
    if isinstance(value, dict):
        yield path
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield from objects_in(child, (*path, key))


def texts_in(value: Any) -> list[tuple[Any, ...]]:
    """Where in a body the texts are."""
    return [(*path, key) for path in objects_in(value) for key, child in at(value, path).items() if isinstance(child, str)]


def at(value: Any, path: tuple[Any, ...]) -> Any:
    """What is there."""
    for key in path:
        value = value[key]
    return value
