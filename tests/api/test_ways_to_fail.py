"""Every way a request can fail, at every route: a problem with a known code, in the reader's language, and nothing from inside."""

from datetime import date
from typing import Any

import pytest
from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromQuery
from pymongo.errors import ServerSelectionTimeoutError

from backend.app.docs import problem_table
from backend.app.openapi import contract
from kernel.clock import TestClock
from kernel.errors import Conflict
from kernel.http.access import everybody
from kernel.http.answer import VARY
from kernel.http.conditional import UNTAGGED
from kernel.http.deprecation import deprecated
from kernel.http.negotiation import ANY_QUERY, PRODUCES, accepts
from kernel.http.schemas import View
from kernel.http.words import KHMER
from kernel.ids import new_id
from kernel.slice import Slice
from tests.api.access_table import OPEN311
from tests.api.routes import ROUTES, Route, body_of
from tests.support.api import Api, assert_problem, running_api

INNER_LIFE = "db7.inner.example:27017"


def name(route: Route) -> str:
    return route.operation


def handler_of(api: Api, route: Route) -> HTTPRouteHandler:
    handlers = [h for r in api.app.routes for h in getattr(r, "route_handlers", [])]
    return next(h for h in handlers if h.operation_id == route.operation)


async def ask(api: Api, route: Route, query: str = "", **headers: str) -> Any:
    path = route.filled(dict.fromkeys(route.parameters, new_id()))
    request = body_of(route)
    request["headers"] = {**request.get("headers", {}), **headers}
    return await api.call("", route.method, path + query, **request)


def _produces_nothing(api: Api, route: Route) -> bool:
    return handler_of(api, route).parsed_fn_signature.return_type.annotation in (None, type(None), Response[None])


@pytest.mark.proves("R-C6")
@pytest.mark.parametrize("route", ROUTES, ids=name)
async def test_a_type_nobody_makes(api: Api, route: Route) -> None:
    answer = await ask(api, route, accept="application/x-nothing, application/json;q=0, text/*;q=0, application/octet-stream;q=0")
    if route.operation in OPEN311:
        assert (answer.status_code, answer.headers["content-type"]) == (406, "text/xml; charset=utf-8")
        return
    if PRODUCES in handler_of(api, route).opt:
        # A browser in the middle of a sign-in is told on a page.
        assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (406, "text/html")
        return
    if _produces_nothing(api, route):
        # What has no content is acceptable to everybody.
        assert answer.status_code != 406
        return
    assert_problem(answer, 406, "not_acceptable")


@pytest.mark.proves("SEC-52")
@pytest.mark.parametrize("route", ROUTES, ids=name)
async def test_a_parameter_nobody_reads(api: Api, route: Route) -> None:
    answer = await ask(api, route, "?limitt=3")
    if handler_of(api, route).opt.get(ANY_QUERY):
        assert '"code":"parameter_unknown"' not in answer.text
        return
    problem = assert_problem(answer, 400, "parameter_unknown")
    assert [error["pointer"] for error in problem["errors"]] == ["limitt"]


@pytest.mark.proves("SEC-52")
@pytest.mark.parametrize("route", [route for route in ROUTES if route.operation.startswith("list")], ids=name)
async def test_a_parameter_said_twice(api: Api, route: Route) -> None:
    if "limit" not in handler_of(api, route).parsed_fn_signature.parameters:
        # There are so few of these that there is one page.
        return
    problem = assert_problem(await ask(api, route, "?limit=3&limit=4"), 400, "parameter_twice")
    assert [error["pointer"] for error in problem["errors"]] == ["limit"]


@pytest.mark.parametrize("query", ["?%ff=1", "?limit=%ff", "?" + "&".join(f"a{n}=1" for n in range(200))])
async def test_a_query_that_cannot_be_read(api: Api, query: str) -> None:
    answer = await api.get("lan", "/v1/dossiers" + query)
    assert answer.status_code == 400
    assert_problem(answer, 400, answer.json()["code"])


@pytest.mark.proves("SEC-55")
@pytest.mark.parametrize(
    "route",
    [r for r in ROUTES if r.method == "GET" and "dossier" in r.path and not {"staff", "console"} & set(r.path.split("/"))],
    ids=name,
)
async def test_a_database_that_is_away(api: Api, route: Route, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(*_: object, **__: object) -> None:
        raise ServerSelectionTimeoutError(INNER_LIFE)

    monkeypatch.setattr(api.parts.reads, "one", away, raising=False)
    monkeypatch.setattr(api.parts.reads, "many", away, raising=False)
    answer = await api.get("lan", route.filled(dict.fromkeys(route.parameters, new_id())))
    assert_problem(answer, 503, "unavailable")
    assert int(answer.headers["retry-after"]) > 0
    assert "inner" not in answer.text


async def test_our_own_machinery_failing_is_a_problem_too(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError(INNER_LIFE)

    monkeypatch.setattr("kernel.http.compression.worth_it", broken)
    answer = await api.get("", "/health/live", headers={"accept-encoding": "gzip"})
    assert answer.status_code == 500
    assert answer.json()["code"] == "internal_error"
    assert answer.headers["content-type"] == "application/problem+json"
    assert "inner" not in answer.text


@pytest.mark.proves("R-B7")
@pytest.mark.parametrize("language", ["vi", "en", "km"])
async def test_what_failed_is_said_in_three_languages(api: Api, language: str) -> None:
    answer = await api.get("lan", f"/v1/dossiers/{new_id()}", headers={"accept-language": language})
    problem = assert_problem(answer, 404, "dossier_not_found")
    assert answer.headers["content-language"] == language
    assert (problem["detail"] == KHMER["dossier_not_found"]) == (language == "km")


def test_no_khmer_sentence_belongs_to_a_problem_that_is_none() -> None:
    assert set(KHMER) - {row["code"] for row in problem_table()} == {"problem"}


@pytest.mark.parametrize(
    ("accept", "produced", "fits"),
    [
        ("application/json", ["application/json"], True),
        ("text/html", ["application/json"], False),
        ("text/html, */*;q=0.8", ["application/json"], True),
        ("application/*", ["application/json"], True),
        ("application/json;q=0, */*", ["application/json"], False),
        ("application/*;q=0, application/json", ["application/json"], True),
        ("*/*;q=0", ["application/json"], False),
        ("APPLICATION/JSON", ["application/json"], True),
        ("text/html", ["application/json", "text/html; charset=utf-8"], True),
        ("application/json;q=nonsense", ["application/json"], False),
        (",,", ["application/json"], True),
    ],
)
def test_which_types_are_accepted(accept: str, produced: list[str], fits: bool) -> None:
    assert accepts(accept, tuple(produced)) == fits


class Lamp(View, frozen=True, kw_only=True):
    """A lamp."""

    lit: bool


@get(
    "/v1/lamps",
    operation_id="getLamp",
    guards=[everybody],
    tags=["App"],
    **deprecated(since=date(2026, 9, 1), sunset=date(2027, 9, 1), link="/docs#getLight"),
)
async def old_lamp(dark: FromQuery[bool] = False) -> Lamp:
    """An old lamp."""
    if dark:
        raise Conflict
    return Lamp(lit=True)


@pytest.mark.proves("R-C11")
async def test_a_route_on_its_way_out_says_so_in_every_answer_and_in_the_contract(mongodb_uri: str, clock: TestClock) -> None:
    old_lamp.opt[UNTAGGED] = "a lamp of the test's own"
    async with running_api(mongodb_uri, clock, slices=[Slice("lamps", routes=[old_lamp])]) as api:
        for path, status in (("/v1/lamps", 200), ("/v1/lamps?dark=true", 409), ("/v1/lamps?darkk=true", 400)):
            answer = await api.get("", path)
            assert answer.status_code == status
            assert answer.headers["deprecation"] == "@1788220800"
            assert answer.headers["sunset"] == "Wed, 01 Sep 2027 00:00:00 GMT"
            assert answer.headers["link"] == '</docs#getLight>; rel="deprecation"; type="text/html"'
            assert VARY.decode() in answer.headers["vary"]
        assert contract(api.app)["paths"]["/v1/lamps"]["get"]["deprecated"] is True
        assert "deprecation" not in (await api.get("", "/health/live")).headers


def test_a_route_is_deprecated_before_it_goes() -> None:
    with pytest.raises(ValueError, match="before it goes"):
        deprecated(since=date(2026, 9, 1), sunset=date(2026, 9, 1), link="/docs")
