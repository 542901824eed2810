"""What a citizen and an administrator can do over the wire, and what they cannot."""

import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest

from backend.privacy.actions.build_export import build_next
from backend.privacy.jobs import look_at_erasures
from backend.privacy.purposes import PURPOSES
from tests.api.privacy.conftest import PrivacyApi
from tests.support.api import assert_problem
from tests.unit.privacy_slice.keeper import NAME

REASON = {"reason": "Đang chờ kết luận thanh tra."}


async def asked(api: PrivacyApi) -> dict[str, Any]:
    answer = await api.call("lan", "POST", "/v1/me/erasure-requests")
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


@pytest.mark.proves("SEC-37")
async def test_a_phone_left_lying_asks_for_nobodys_erasure(privacy_api: PrivacyApi) -> None:
    refused = await privacy_api.call("stale", "POST", "/v1/me/erasure-requests")
    assert_problem(refused, 401, "step_up_required")
    assert 'max_age="300"' in refused.headers["www-authenticate"]
    assert (await privacy_api.call("stale", "GET", "/v1/me/erasure-requests")).json()["items"] == []
    await asked(privacy_api)


@pytest.mark.proves("SEC-76")
async def test_no_purpose_is_ticked_beforehand_and_each_says_on_what_it_rests(privacy_api: PrivacyApi) -> None:
    items = (await privacy_api.call("lan", "GET", "/v1/me/consents")).json()["items"]
    assert {item["purpose"]: item.get("granted") for item in items} == {
        **dict.fromkeys(("dossier_handling", "feedback_handling", "account", "inbox", "security"), None),
        **dict.fromkeys(("statistics", "oversight", "your_rights"), None),
        "foreign_push": False,
        "precise_place": False,
        "tell_me_who_looked": False,
        **dict.fromkeys(("told_by_email", "told_by_sms", "told_by_zalo"), False),
    }
    assert all(item["article"] and item["text"] and len(item["textVersion"]) == 16 for item in items)
    vietnamese = (await privacy_api.call("lan", "GET", "/v1/me/consents", language="vi")).json()["items"]
    assert vietnamese[0]["title"] == "Giải quyết thủ tục hành chính"


@pytest.mark.proves("SEC-76")
async def test_consent_is_given_and_withdrawn_by_the_same_call(privacy_api: PrivacyApi) -> None:
    path = "/v1/me/consents/precise_place"
    yes = {"granted": True, "textVersion": PURPOSES["precise_place"].text_version}
    given = await privacy_api.call("lan", "PUT", path, json=yes)
    assert (given.status_code, given.json()["granted"]) == (200, True)
    assert given.json()["decidedAt"]
    withdrawn = await privacy_api.call("lan", "PUT", path, json={"granted": False})
    assert (withdrawn.status_code, withdrawn.json()["granted"]) == (200, False)


@pytest.mark.proves("SEC-76")
@pytest.mark.parametrize(
    ("purpose", "body", "status", "code"),
    [
        ("precise_place", {"granted": True, "textVersion": "0" * 16}, 409, "consent_text_changed"),
        ("precise_place", {"granted": True}, 400, "consent_text_missing"),
        ("precise_place", {}, 400, "invalid"),
        ("precise_place", {"granted": "yes"}, 400, "invalid"),
        ("statistics", {"granted": False}, 409, "consent_not_asked"),
        ("ads", {"granted": True}, 404, "purpose_not_found"),
    ],
)
async def test_what_is_no_decision_is_refused(
    privacy_api: PrivacyApi, purpose: str, body: dict[str, Any], status: int, code: str
) -> None:
    assert_problem(await privacy_api.call("lan", "PUT", f"/v1/me/consents/{purpose}", json=body), status, code)


@pytest.mark.proves("SEC-77")
async def test_a_request_is_answered_and_carried_out_and_the_citizen_sees_its_clocks(privacy_api: PrivacyApi) -> None:
    keeper = privacy_api.keeper
    await keeper.note()
    request = await asked(privacy_api)
    assert (request["state"], request["canTakeBack"]) == ("requested", True)
    assert (request["acknowledgeBy"], request["dueBy"]) == ("2026-07-03T10:00:00Z", "2026-07-29T10:00:00Z")

    page = (await privacy_api.call("admin", "GET", "/v1/staff/erasure-requests", params={"state": "requested"})).json()
    assert [item["id"] for item in page["items"]] == [request["id"]]
    assert page["items"][0]["allowedActions"] == ["acknowledge", "refuse", "extend"]
    assert keeper.subject not in str(page), "an administrator learns that somebody asked, not who"

    acknowledged = await privacy_api.call("admin", "POST", f"/v1/staff/erasure-requests/{request['id']}/acknowledgement")
    assert acknowledged.json()["state"] == "waiting"
    extended = await privacy_api.call("admin", "POST", f"/v1/staff/erasure-requests/{request['id']}/extension", json=REASON)
    assert extended.json()["dueBy"] == "2026-08-25T10:00:00Z"
    again = await privacy_api.call("admin", "POST", f"/v1/staff/erasure-requests/{request['id']}/extension", json=REASON)
    assert_problem(again, 409, "already_extended")

    [seen] = (await privacy_api.call("lan", "GET", "/v1/me/erasure-requests")).json()["items"]
    assert (seen["state"], seen["label"], seen["extensionReason"]) == ("waiting", "Waiting, can be taken back", REASON["reason"])

    keeper.clock.advance(timedelta(days=8))
    assert (await look_at_erasures(keeper.holdings)).erased == 1
    assert NAME not in str(await keeper.opened())


async def test_a_request_is_taken_back(privacy_api: PrivacyApi) -> None:
    request = await asked(privacy_api)
    path = f"/v1/me/erasure-requests/{request['id']}"
    assert_problem(await privacy_api.call("nam", "DELETE", path), 404, "erasure_not_found")
    taken = await privacy_api.call("lan", "DELETE", path)
    assert (taken.status_code, taken.json()["state"], taken.json()["canTakeBack"]) == (200, "taken_back", False)
    assert_problem(await privacy_api.call("lan", "DELETE", path), 409, "move_not_allowed")


async def test_a_refusal_says_why(privacy_api: PrivacyApi) -> None:
    request = await asked(privacy_api)
    path = f"/v1/staff/erasure-requests/{request['id']}/refusal"
    assert_problem(await privacy_api.call("admin", "POST", path, json={"reason": "không"}), 400, "erasure_reason_missing")
    refused = await privacy_api.call("admin", "POST", path, json=REASON)
    assert (refused.status_code, refused.json()["state"], refused.json()["allowedActions"]) == (200, "refused", [])
    seen = (await privacy_api.call("lan", "GET", f"/v1/me/erasure-requests/{request['id']}")).json()
    assert seen["reason"] == REASON["reason"]


async def test_pages_of_requests_follow_each_other(privacy_api: PrivacyApi) -> None:
    first = await asked(privacy_api)
    await privacy_api.call("lan", "DELETE", f"/v1/me/erasure-requests/{first['id']}")
    second = await asked(privacy_api)
    path = "/v1/staff/erasure-requests"
    page = (await privacy_api.call("admin", "GET", path, params={"limit": 1})).json()
    rest = (await privacy_api.call("admin", "GET", path, params={"limit": 1, "cursor": page["nextCursor"]})).json()
    assert {page["items"][0]["id"], rest["items"][0]["id"]} == {first["id"], second["id"]}
    assert "nextCursor" not in rest


async def test_an_export_is_taken_once_by_who_has_just_signed_in(privacy_api: PrivacyApi) -> None:
    await privacy_api.keeper.note()
    stale = await privacy_api.call("stale", "POST", "/v1/me/exports")
    assert_problem(stale, 401, "step_up_required")
    challenge = 'Bearer error="insufficient_user_authentication", acr_values="2", max_age="300"'
    assert stale.headers["www-authenticate"] == challenge

    asked = await privacy_api.call("lan", "POST", "/v1/me/exports")
    assert (asked.status_code, asked.json()["state"]) == (202, "queued")
    assert asked.json()["dueBy"] == "2026-07-15T10:00:00Z", "ten working days, by five in the afternoon"
    path = f"/v1/me/exports/{asked.json()['id']}"
    assert_problem(await privacy_api.call("lan", "GET", f"{path}/file"), 409, "export_not_ready")
    assert await build_next(privacy_api.keeper.holdings)

    ready = (await privacy_api.call("lan", "GET", path)).json()
    assert (ready["state"], ready["href"], ready["expiresAt"]) == ("ready", f"{path}/file", "2026-07-02T02:00:00Z")
    assert_problem(await privacy_api.call("stale", "GET", ready["href"]), 401, "step_up_required")
    assert_problem(await privacy_api.call("nam", "GET", ready["href"]), 404, "export_not_found")
    taken = await privacy_api.call("lan", "GET", ready["href"])
    assert (taken.status_code, taken.headers["cache-control"]) == (200, "private, no-store")
    assert NAME in zipfile.ZipFile(io.BytesIO(taken.content)).read("du-lieu.json").decode()
    assert_problem(await privacy_api.call("lan", "GET", ready["href"]), 410, "export_used")
    assert "href" not in (await privacy_api.call("lan", "GET", path)).json()


@pytest.mark.parametrize(
    ("who", "path", "status", "code"),
    [
        ("", "/v1/me/consents", 401, "unauthenticated"),
        ("admin", "/v1/me/exports", 403, "forbidden"),
        ("lan", "/v1/staff/erasure-requests", 403, "forbidden"),
        ("hoa", "/v1/staff/erasure-requests", 403, "role_missing"),
    ],
)
async def test_everybody_else_stays_outside(privacy_api: PrivacyApi, who: str, path: str, status: int, code: str) -> None:
    method = "POST" if path.endswith("exports") else "GET"
    assert_problem(await privacy_api.call(who, method, path), status, code)
