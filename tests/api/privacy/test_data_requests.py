"""A citizen has something put right or restricted, or objects: within the law's clocks, and a restriction restricts."""

from datetime import timedelta
from typing import Any

import pytest

from backend.privacy.purposes import PURPOSES
from backend.privacy.queries import consenting, letting_pushes_leave, withdrawn_since
from tests.api.privacy.conftest import PrivacyApi
from tests.support.api import assert_problem

pytestmark = pytest.mark.proves("SEC-77")

MINE, STAFF = "/v1/me/data-requests", "/v1/staff/data-requests"
DONE = {"reason": "Đã thực hiện theo yêu cầu."}
WISH = "Ngày sinh trong hồ sơ của tôi bị sai"
YES = {"granted": True, "textVersion": PURPOSES["foreign_push"].text_version}


async def asked(api: PrivacyApi, kind: str, **more: str) -> dict[str, Any]:
    answer = await api.call("lan", "POST", MINE, json={"kind": kind, "wish": WISH, **more})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def answered(api: PrivacyApi, request: dict[str, Any], step: str, **body: Any) -> dict[str, Any]:
    answer = await api.call("admin", "POST", f"{STAFF}/{request['id']}/{step}", **body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def restrict(api: PrivacyApi) -> dict[str, Any]:
    request = await asked(api, "restriction")
    await answered(api, request, "acknowledgement")
    assert (await answered(api, request, "fulfilment", json=DONE))["state"] == "in_force"
    return request


@pytest.mark.parametrize(
    ("kind", "more", "due", "extended"),
    [
        ("rectification", {}, "2026-07-15T10:00:00Z", "2026-07-29T10:00:00Z"),
        ("restriction", {}, "2026-07-22T10:00:00Z", "2026-08-12T10:00:00Z"),
        ("objection", {"purpose": "statistics"}, "2026-07-22T10:00:00Z", "2026-08-12T10:00:00Z"),
    ],
)
async def test_each_kind_has_its_clock_and_one_extension(
    privacy_api: PrivacyApi, kind: str, more: dict[str, str], due: str, extended: str
) -> None:
    request = await asked(privacy_api, kind, **more)
    assert (request["acknowledgeBy"], request["dueBy"]) == ("2026-07-03T10:00:00Z", due)
    assert (await asked(privacy_api, kind, **more))["id"] == request["id"], "one of a kind is open at a time"
    assert (await answered(privacy_api, request, "extension", json=DONE))["dueBy"] == extended
    again = await privacy_api.call("admin", "POST", f"{STAFF}/{request['id']}/extension", json=DONE)
    assert_problem(again, 409, "already_extended")
    [seen] = (await privacy_api.call("lan", "GET", MINE)).json()["items"]
    assert (seen["wish"], seen["extensionReason"]) == (WISH, DONE["reason"])


async def test_the_queue_tells_what_is_late_and_no_words_and_reading_them_is_on_record(privacy_api: PrivacyApi) -> None:
    keeper = privacy_api.keeper
    request = await asked(privacy_api, "rectification")
    [row] = (await privacy_api.call("admin", "GET", STAFF)).json()["items"]
    assert (row["late"], row["allowedActions"], "wish" in row) == (False, ["acknowledge", "refuse", "extend"], False)
    keeper.clock.advance(timedelta(days=3))
    assert (await privacy_api.call("admin", "GET", STAFF)).json()["items"][0]["late"]

    read = await privacy_api.call("admin", "GET", f"{STAFF}/{request['id']}")
    assert read.json()["wish"] == WISH
    entry = keeper.audit.entries[-1][1]
    assert (entry.action, entry.subjects, entry.fields) == ("data_request.read", (keeper.subject,), ("wish",))
    keeper.audit.broken = True
    assert_problem(await privacy_api.call("admin", "GET", f"{STAFF}/{request['id']}"), 503, "audit_unavailable")


async def test_a_correction_is_answered_in_words_the_citizen_reads(privacy_api: PrivacyApi) -> None:
    request = await asked(privacy_api, "rectification")
    early = await privacy_api.call("admin", "POST", f"{STAFF}/{request['id']}/fulfilment", json=DONE)
    assert_problem(early, 409, "move_not_allowed")
    await answered(privacy_api, request, "acknowledgement")
    assert (await answered(privacy_api, request, "fulfilment", json=DONE))["state"] == "done"
    seen = (await privacy_api.call("lan", "GET", f"{MINE}/{request['id']}")).json()
    assert (seen["state"], seen["reason"], seen["canTakeBack"]) == ("done", DONE["reason"], False)
    assert_problem(await privacy_api.call("nam", "GET", f"{MINE}/{request['id']}"), 404, "data_request_not_found")


async def test_a_restriction_stops_what_rests_on_consent_until_it_is_taken_back(privacy_api: PrivacyApi) -> None:
    subject = privacy_api.keeper.subject
    path = "/v1/me/consents/foreign_push"
    await privacy_api.call("lan", "PUT", path, json={"granted": False})
    await privacy_api.call("lan", "PUT", path, json=YES)
    assert await letting_pushes_leave([subject]) == {subject}

    request = await restrict(privacy_api)
    assert await letting_pushes_leave([subject]) == set(), "no push leaves the country"
    assert await consenting([subject], "precise_place") == set()
    place = {"granted": True, "textVersion": PURPOSES["precise_place"].text_version}
    assert_problem(await privacy_api.call("lan", "PUT", "/v1/me/consents/precise_place", json=place), 409, "processing_restricted")
    since = privacy_api.keeper.clock.now() - timedelta(days=1)
    assert await withdrawn_since(since) == [], "a restriction is no withdrawal: nothing is let go of"

    await privacy_api.call("lan", "DELETE", f"{MINE}/{request['id']}")
    assert await letting_pushes_leave([subject]) == {subject}


async def test_an_objection_names_a_duty_of_ours(privacy_api: PrivacyApi) -> None:
    bare = await privacy_api.call("lan", "POST", MINE, json={"kind": "objection", "wish": WISH})
    assert_problem(bare, 400, "objection_without_purpose")
    consented = {"kind": "objection", "wish": WISH, "purpose": "foreign_push"}
    assert_problem(await privacy_api.call("lan", "POST", MINE, json=consented), 409, "withdraw_instead")
