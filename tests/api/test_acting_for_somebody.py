"""Somebody acts for a citizen: by a code the citizen shows, for what they allowed, on record, until they say stop (ADR 0024)."""

from datetime import timedelta
from typing import Any

import httpx2
import pytest

from auth.documents import Session
from auth.lifetimes import ACT_FOR, ACT_FOR_CODE
from backend.app.worker import make_relay
from notifications.documents import InboxItem
from tests.api.routes import ROUTES, Route, body_of, own_things
from tests.api.test_access import TABLED
from tests.support.api import Api, assert_problem
from tests.support.callers import NUMBERS
from tests.support.feed import event, new_code
from tests.support.parts import APP
from tests.support.proofs import ProofMaker

pytestmark = pytest.mark.anyio

EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
ACCESS = "urn:ietf:params:oauth:token-type:access_token"
MINE = "/v1/me/delegations"
BOTH = ["dossiers:read", "feedback:write"]
# What a helper with both permissions gets into; every route that is not here is the citizen's own, or of another kind of caller.
OPEN = {
    *("getMe", "listDossiers", "getDossier", "downloadResult"),
    *("getDeadline", "getDeadlineFile", "listDocuments", "downloadDocument", "downloadFeedbackFile"),
    *("sendFeedback", "listFeedback", "getFeedback", "replyFeedback", "withdrawFeedback", "reopenFeedback", "rateFeedback"),
    *("listNearbyFeedback", "listFollowedFeedback", "followReport", "unfollowReport"),
    *("createUpload", "appendToUpload", "deleteUpload", "overrideUploadMethod", "getUpload", "downloadUpload"),
}


async def allowed(api: Api, relation: str = "assistant", scopes: list[str] | None = None, minutes: int = 30) -> dict[str, Any]:
    """What lan's phone shows."""
    asked = {"relation": relation, "scopes": scopes or BOTH, "minutes": minutes}
    answer = await api.call("lan", "POST", MINE, json=asked)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def bring(api: Api, helper: str, code: str, headers: dict[str, str] | None = None, **changes: str) -> httpx2.Response:
    """The helper's app brings the code to the token endpoint."""
    own = (await api.bearer(helper))["authorization"].removeprefix("Bearer ")
    form = {
        "grant_type": EXCHANGE,
        "client_id": APP,
        "subject_token": code,
        "subject_token_type": "urn:motcua:act-for-code",
        "actor_token": own,
        "actor_token_type": ACCESS,
    }
    return await api.http.post("/oauth/token", data=form | changes, headers=headers)


async def helping(api: Api, helper: str = "nga", **asked: Any) -> tuple[dict[str, str], dict[str, Any], str]:
    """The header of somebody who acts for lan, all they got, and the id of the permission."""
    shown = await allowed(api, **asked)
    answer = await bring(api, helper, shown["code"])
    assert answer.status_code == 200, answer.text
    tokens = answer.json()
    return {"authorization": f"Bearer {tokens['access_token']}"}, tokens, shown["id"]


async def states(api: Api) -> list[str]:
    return [item["state"] for item in (await api.get("lan", MINE)).json()["items"]]


@pytest.fixture(autouse=True)
async def nobody_helps_yet(api: Api) -> None:
    await api.parts.db["delegations"].delete_many({})


@pytest.mark.parametrize(("helper", "relation"), [("nga", "assistant"), ("nam", "proxy"), ("nam", "guardian")])
async def test_a_helper_sees_what_the_citizen_sees_and_no_more(api: Api, helper: str, relation: str) -> None:
    hers = await api.told(event(new_code(), "accepted"))
    acts, tokens, _ = await helping(api, helper, relation=relation)
    assert {item["id"] for item in (await api.get("", "/v1/dossiers", headers=acts)).json()["items"]} == {hers}
    assert (await api.get("", f"/v1/dossiers/{hers}", headers=acts)).status_code == 200
    me = (await api.get("", "/v1/me", headers=acts)).json()
    assert (me["kind"], me["name"]) == ("citizen", "Nguyễn Thị Lan")
    assert tokens["issued_token_type"] == ACCESS


@pytest.mark.proves("SEC-27")
async def test_only_what_was_allowed_is_open(api: Api) -> None:
    acts, _, _ = await helping(api, scopes=["dossiers:read"])
    assert (await api.get("", "/v1/dossiers", headers=acts)).status_code == 200
    assert_problem(await api.get("", "/v1/feedback", headers=acts), 403, "not_for_helpers")


@pytest.mark.proves("SEC-27", "SEC-43")
@pytest.mark.parametrize("route", TABLED, ids=lambda route: route.operation)
async def test_every_route_is_closed_to_helpers_but_these(api: Api, route: Route) -> None:
    acts, _, _ = await helping(api)
    # Some bodies name what has been made for the path.
    path = route.filled(await own_things(api, route))
    request = body_of(route)
    request["headers"] = {**request.get("headers", {}), **acts}
    answer = await api.call("", route.method, path, **request)
    if route.operation in OPEN or route.who_may == "":
        assert answer.is_success, answer.text
    else:
        expected = "not_for_helpers" if route.who_may == "lan" else "forbidden"
        assert_problem(answer, 403, expected)


def test_the_open_routes_are_there() -> None:
    assert {route.operation for route in ROUTES} >= OPEN


@pytest.mark.proves("SEC-47")
async def test_a_code_is_good_once_in_time_and_for_who_may_help(api: Api) -> None:
    shown = await allowed(api)
    for wrong in ("hoa", "be", "nam", "lan"):
        assert (await bring(api, wrong, shown["code"])).json()["error"] == "invalid_grant", wrong
    assert (await bring(api, "nga", shown["code"].lower().replace("-", " "))).status_code == 200
    assert (await bring(api, "nga", shown["code"])).json()["error"] == "invalid_grant"
    late = await allowed(api)
    api.parts.clock.advance(ACT_FOR_CODE)
    assert (await bring(api, "nga", late["code"])).json()["error"] == "invalid_grant"
    first, _ = await allowed(api), await allowed(api)
    assert (await bring(api, "nga", first["code"])).json()["error"] == "invalid_grant"


async def test_nobody_passes_a_permission_on(api: Api) -> None:
    _, tokens, _ = await helping(api, "nam", relation="proxy")
    shown = await allowed(api, relation="proxy")
    assert (await bring(api, "nam", shown["code"], actor_token=tokens["access_token"])).json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"subject_token_type": ACCESS}, "invalid_request"),
        ({"actor_token_type": "urn:ietf:params:oauth:token-type:jwt"}, "invalid_request"),
        ({"actor_token": "x"}, "invalid_grant"),
        ({"subject_token": ""}, "invalid_grant"),
        ({"client_id": "unknown"}, "invalid_client"),
    ],
)
async def test_an_exchange_of_anything_else_is_refused(api: Api, changes: dict[str, str], error: str) -> None:
    shown = await allowed(api)
    assert (await bring(api, "nga", shown["code"], **changes)).json()["error"] == error


async def test_a_helpers_token_is_not_bound_to_a_key_its_app_has_not_proved_before(api: Api) -> None:
    shown = await allowed(api)
    phone = ProofMaker(api.url, api.parts.clock)
    with_key = await bring(api, "nga", shown["code"], headers={"dpop": phone.proof("POST", "/oauth/token")})
    assert (with_key.json()["error"], "another key" in with_key.json()["error_description"]) == ("invalid_grant", True)
    assert (await bring(api, "nga", shown["code"])).status_code == 200, "the code was not used up"


async def test_another_code_takes_the_place_of_the_one_that_waits(api: Api) -> None:
    first, second = await allowed(api), await allowed(api)
    assert (await bring(api, "nga", first["code"])).json()["error"] == "invalid_grant"
    assert await states(api) == ["waiting"]
    assert (await bring(api, "nga", second["code"])).status_code == 200


@pytest.mark.proves("SEC-32")
async def test_the_citizen_ends_it_at_once(api: Api) -> None:
    acts, tokens, delegation = await helping(api)
    assert await states(api) == ["active"]
    assert_problem(await api.call("nam", "DELETE", f"{MINE}/{delegation}"), 404, "delegation_not_found")
    assert (await api.call("lan", "DELETE", f"{MINE}/{delegation}")).status_code == 204
    assert_problem(await api.get("", "/v1/dossiers", headers=acts), 401, "session_ended")
    form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"], "client_id": APP}
    assert (await api.http.post("/oauth/token", data=form)).json()["error"] == "invalid_grant"
    assert await states(api) == ["over"]


async def test_a_code_nobody_has_used_can_be_taken_back(api: Api) -> None:
    shown = await allowed(api)
    assert await states(api) == ["waiting"]
    assert (await api.call("lan", "DELETE", f"{MINE}/{shown['id']}")).status_code == 204
    assert (await bring(api, "nga", shown["code"])).json()["error"] == "invalid_grant"
    assert await states(api) == []


async def test_it_goes_on_by_refreshing_and_ends_by_itself(api: Api) -> None:
    acts, tokens, delegation = await helping(api, minutes=15)
    session = await Session.get(delegation)
    assert session
    assert (session.expires_at - session.created_at).total_seconds() == 15 * 60
    form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"], "client_id": APP}
    again = (await api.http.post("/oauth/token", data=form)).json()
    acts = {"authorization": f"Bearer {again['access_token']}"}
    assert_problem(await api.get("", "/v1/me/sessions", headers=acts), 403, "not_for_helpers")
    api.parts.clock.advance(session.expires_at - api.parts.clock.now())
    assert_problem(await api.get("", "/v1/dossiers", headers=acts), 401, "token_invalid")
    form["refresh_token"] = again["refresh_token"]
    assert (await api.http.post("/oauth/token", data=form)).json()["error"] == "invalid_grant"


@pytest.mark.proves("SEC-33")
async def test_who_is_not_signed_in_themselves_acts_for_nobody(api: Api) -> None:
    acts, _, delegation = await helping(api)
    session = await Session.get(delegation)
    assert session
    assert session.helper
    assert (await api.call("nga", "DELETE", f"/v1/me/sessions/{session.helper.session_id}")).status_code == 204
    assert_problem(await api.get("", "/v1/dossiers", headers=acts), 401, "session_ended")


@pytest.mark.proves("SEC-47")
async def test_an_assistant_who_is_one_no_more_acts_for_nobody(api: Api) -> None:
    acts, _, _ = await helping(api)
    members = api.parts.db["staff_members"]
    was = await members.find_one({"roles": "assistant"})
    assert was
    await members.update_one({"_id": was["_id"]}, {"$set": {"roles": []}})
    try:
        api.parts.clock.advance(ACT_FOR_CODE / 10)
        assert_problem(await api.get("", "/v1/dossiers", headers=acts), 401, "staff_access_withdrawn")
    finally:
        await members.update_one({"_id": was["_id"]}, {"$set": {"roles": was["roles"]}})
        api.parts.clock.advance(ACT_FOR_CODE / 10)


@pytest.mark.parametrize("relation", [*ACT_FOR])
async def test_no_permission_is_longer_than_its_kind(api: Api, relation: str) -> None:
    minutes = int(ACT_FOR[relation].total_seconds()) // 60 + 1
    asked = {"relation": relation, "scopes": BOTH, "minutes": minutes}
    answer = await api.call("lan", "POST", MINE, json=asked)
    assert answer.status_code == 400, answer.text


@pytest.mark.proves("SEC-67")
async def test_the_citizen_is_told_and_finds_every_step_in_the_list_of_accesses(api: Api) -> None:
    api.parts.clock.advance(timedelta(seconds=1))
    acts, _, _ = await helping(api)
    await api.get("", "/v1/dossiers", headers=acts)
    log = (await api.get("lan", "/v1/me/access-log")).json()["items"]
    seen = {item["action"]["code"]: item for item in log}
    assert {"auth.act_for_allowed", "auth.act_for_started", "auth.acted_for"} <= seen.keys()
    acted = [item["object"] for item in log if item["action"]["code"] == "auth.acted_for"]
    assert "request:GET /v1/dossiers" in acted
    assert seen["auth.acted_for"]["who"]["kind"]["code"] == "staff"
    assert seen["auth.act_for_allowed"]["who"]["kind"]["code"] == "you"
    await make_relay(api.parts).drain()
    lan = await api.parts.subjects.of(NUMBERS["lan"])
    assert "account.act_for_started" in [item.message for item in await InboxItem.find({"recipient": lan}).to_list()]


async def test_their_own_devices_and_whoever_helps_are_two_lists(api: Api) -> None:
    await helping(api)
    answer = (await api.get("lan", "/v1/me/sessions")).json()["items"]
    living = await Session.find({"helper": {"$exists": True}, "ended_at": {"$exists": False}}).to_list()
    assert living
    assert {session.id for session in living}.isdisjoint({item["id"] for item in answer})
