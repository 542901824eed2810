"""What an app is told first, which apps are served, and whether anybody is (R-B6)."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from backend.bootstrap.actions import change
from backend.bootstrap.documents import Maintenance
from backend.bootstrap.errors import AppStateMalformed
from kernel.clock import TestClock
from kernel.http.app_version import ALWAYS_SERVED, parse_version
from tests.api.access_table import CONSOLE, OPEN311
from tests.api.routes import ROUTES, Route
from tests.support.api import Api, assert_problem

STORE = "https://apps.example/motcua"
ALWAYS = {
    "getAppBootstrap",
    "getLiveness",
    "getReadiness",
    "revokeToken",
    "getContract",
    "getSdkContract",
    "getContractAsYaml",
    "readDocs",
    "getDocsStyle",
}
OLD = {"x-app-platform": "ios", "x-app-version": "1.9.9"}


@pytest.fixture
async def telling(api: Api) -> AsyncIterator[Api]:
    yield api
    await api.parts.db["app_state"].delete_many({})
    await api.parts.bootstrap.refresh()


async def set_state(api: Api, features: dict[str, bool] | None = None, **changes: Any) -> None:
    await change(changes, features=features or {})
    await api.parts.bootstrap.refresh()


async def first_of(api: Api, **headers: str) -> dict[str, Any]:
    answer = await api.get("", "/v1/app/bootstrap", headers=headers)
    assert answer.status_code == 200
    return dict(answer.json())


@pytest.mark.proves("R-B6")
async def test_an_app_learns_everything_at_once_without_signing_in(telling: Api) -> None:
    await set_state(telling, ios={"minimum": "2.0", "latest": "2.3.1", "store_url": STORE}, features={"chat": True, "pay": False})
    told = await first_of(telling)
    assert told["minSupportedVersion"] == {"ios": "2.0"}
    assert told["latestVersion"] == {"ios": "2.3.1"}
    assert told["storeUrl"] == {"ios": STORE}
    assert told["features"] == [{"name": "chat", "enabled": True}, {"name": "pay", "enabled": False}]
    assert "18001096" in {line["number"] for line in told["hotlines"]}
    assert told["catalogues"][0]["href"] == "/v1/procedures"
    assert told["catalogues"][0]["version"]
    assert "maintenance" not in told


@pytest.mark.proves("R-B6")
async def test_an_app_that_knows_it_already_is_told_so_until_something_changes(telling: Api) -> None:
    tag = (await telling.get("", "/v1/app/bootstrap")).headers["etag"]
    known = {"if-none-match": tag}
    assert (await telling.get("", "/v1/app/bootstrap", headers=known)).status_code == 304
    await set_state(telling, features={"chat": True})
    assert (await telling.get("", "/v1/app/bootstrap", headers=known)).status_code == 200


def test_what_is_always_served_is_what_an_app_needs_to_learn_of_it_and_to_leave(api: Api) -> None:
    handlers = [h for route in api.app.routes for h in getattr(route, "route_handlers", []) if h.operation_id]
    assert {h.operation_id for h in handlers if h.opt.get(ALWAYS_SERVED)} == ALWAYS


@pytest.mark.proves("R-B6")
@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.operation)
async def test_an_app_too_old_is_sent_to_the_store_by_every_route_but_these(telling: Api, route: Route) -> None:
    await set_state(telling, ios={"minimum": "2.0", "store_url": STORE})
    answer = await telling.call("", route.method, route.filled(dict.fromkeys(route.parameters, "x" * 20)), headers=OLD)
    if route.operation in ALWAYS:
        assert answer.status_code != 426
    elif route.operation in {"authorize", "finishSignIn"} | CONSOLE:
        assert answer.status_code == 426
    elif route.operation in OPEN311:
        assert answer.status_code == 400, "GeoReport knows no other way to say no"
    else:
        assert assert_problem(answer, 426, "app_version_unsupported")["storeUrl"] == STORE


@pytest.mark.proves("R-B6")
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-app-platform": "ios", "x-app-version": "2.0"},
        {"x-app-platform": "iOS", "x-app-version": "10.0.0-beta+3"},
        {"x-app-platform": "android", "x-app-version": "1.0"},
        {"x-app-platform": "ios"},
        {"x-app-version": "1.0"},
        {"x-app-platform": "ios", "x-app-version": "nonsense"},
        {"x-app-platform": "symbian", "x-app-version": "1"},
    ],
)
async def test_every_other_app_is_served(telling: Api, headers: dict[str, str]) -> None:
    await set_state(telling, ios={"minimum": "2.0", "store_url": STORE})
    assert (await telling.get("lan", "/v1/dossiers", headers=headers)).status_code == 200


@pytest.mark.proves("R-B6")
async def test_during_maintenance_nobody_is_served_and_everybody_learns_why(telling: Api, clock: TestClock) -> None:
    end = clock.now() + timedelta(minutes=30)
    await set_state(telling, maintenance=Maintenance(until=end, vi="Nâng cấp máy chủ", en="New servers"))
    answer = await telling.get("lan", "/v1/dossiers")
    assert_problem(answer, 503, "under_maintenance")
    assert answer.headers["retry-after"] == "1800"
    assert (await telling.get("", "/health/ready")).status_code == 200
    assert (await first_of(telling))["maintenance"]["message"] == "Nâng cấp máy chủ"
    assert (await first_of(telling, **{"accept-language": "en"}))["maintenance"]["message"] == "New servers"
    tag = (await telling.get("", "/v1/app/bootstrap")).headers["etag"]
    clock.advance(timedelta(minutes=31))
    over = await telling.get("", "/v1/app/bootstrap", headers={"if-none-match": tag})
    assert (over.status_code, "maintenance" in over.json()) == (200, False)
    telling._tokens.clear()
    assert (await telling.get("lan", "/v1/dossiers")).status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"ios": {"minimum": "two", "store_url": STORE}},
        {"ios": {"minimum": "2.0.0.0", "store_url": STORE}},
        {"ios": {"minimum": "2.0"}},
        {"android": {"store_url": "http://apps.example"}},
    ],
)
async def test_nonsense_is_not_told_to_apps(telling: Api, changes: dict[str, Any]) -> None:
    with pytest.raises(AppStateMalformed):
        await change(changes, features={})
    with pytest.raises(AppStateMalformed):
        await change({}, features={"No Name": True})


@pytest.mark.parametrize(
    ("text", "version"),
    [("2", (2, 0, 0)), ("2.10", (2, 10, 0)), ("2.1.3+4", (2, 1, 3)), ("", None), ("v2", None), ("9" * 40, (999999999, 0, 0))],
)
def test_a_version_as_numbers(text: str, version: tuple[int, int, int] | None) -> None:
    assert parse_version(text) == version
