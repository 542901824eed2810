"""What citizens and officials change is on record with before and after; what is personal, by reference (SEC-67)."""

import base64
from typing import Any

import pytest

from kernel.ids import new_id
from kernel.privacy.field import Sealed
from tests.support.api import Api
from tests.support.callers import NAMES, NUMBERS
from tests.support.reports import CONSENTED, ENOUGH, NO_PICTURE, a_report, citizen, in_state, send, staff

pytestmark = [pytest.mark.anyio, pytest.mark.proves("SEC-67")]

PLACE = {"lat": 9.176912, "lon": 105.152431}


async def records(api: Api, what: str, *, result: str = "ok") -> list[dict[str, Any]]:
    """The records about one object, the oldest first."""
    return await api.parts.audit.trail.records.find({"object": what, "result": result}).sort([("at", 1), ("seq", 1)]).to_list()


async def differences(api: Api, record: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Field by field what it says was, and is; references opened."""

    async def told(value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return await api.parts.vault.open_one(Sealed(base64.b64decode(value["sealed"])))

    changes = record.get("changes", [])
    return {one["field"]: (await told(one.get("before")), await told(one.get("after"))) for one in changes}


async def test_a_phone_is_on_record_when_it_comes_when_it_changes_and_when_it_goes(api: Api) -> None:
    installation, what = new_id(), "push_target"
    body = {"platform": "android", "target": {"kind": "fid", "value": new_id()}, "locale": "vi", "appVersion": "1.0.0"}
    moved = {**body, "target": {"kind": "fid", "value": new_id()}}
    path = f"/v1/push-targets/{installation}"
    for sent in (body, body, moved):
        assert (await api.call("lan", "PUT", path, json=sent)).is_success
    assert (await api.call("lan", "DELETE", path)).is_success
    told = await records(api, f"{what}:{installation}")
    assert [row["action"] for row in told] == ["push.target_registered", "push.target_registered", "push.target_removed"]
    assert body["target"]["value"] not in str(told)
    assert (await differences(api, told[0]))["target"] == (None, body["target"]["value"])
    assert await differences(api, told[1]) == {"target": (body["target"]["value"], moved["target"]["value"])}
    assert await differences(api, told[2]) == {"active": (True, False)}
    lan = await api.parts.subjects.of(NUMBERS["lan"])
    assert [row["subjects"] for row in told] == [[lan]] * 3


async def test_of_the_former_owner_of_a_phone_nothing_is_in_the_new_ones_record(api: Api) -> None:
    installation, value = new_id(), new_id()
    body = {"platform": "android", "target": {"kind": "fid", "value": value}, "locale": "vi", "appVersion": "1.0.0"}
    for who in ("lan", "nam"):
        assert (await api.call(who, "PUT", f"/v1/push-targets/{installation}", json=body)).is_success
    [_, second] = await records(api, f"push_target:{installation}")
    assert {was for was, _ in (await differences(api, second)).values()} == {None}


async def test_preferences_are_on_record_with_what_they_were(api: Api) -> None:
    headers = {"content-type": "application/merge-patch+json", "if-match": "*"}
    change = {"language": "en", "quietHours": {"on": False}}
    assert (await api.call("nam", "PATCH", "/v1/me/preferences", json=change, headers=headers)).is_success
    [*_, last] = await records(api, "preferences:own")
    assert await differences(api, last) == {"language": ("vi", "en"), "quiet_hours": ("21:00-07:00", "off")}


async def test_what_a_device_is_called_is_sealed_on_record_and_read_by_its_owner_alone(api: Api) -> None:
    session = (await api.get("lan", "/v1/me")).json()["sessionId"]
    path, names = f"/v1/me/sessions/{session}/name", ("Điện thoại của bà Lan", "Máy của cháu Tí")
    before = (await api.get("lan", "/v1/me/sessions")).headers["etag"]
    for name in names:
        assert (await api.call("lan", "PUT", path, json={"name": name})).status_code == 204
    listed = await api.get("lan", "/v1/me/sessions")
    assert next(row["name"] for row in listed.json()["items"] if row["current"]) == names[1]
    assert listed.headers["etag"] != before
    assert "cháu" not in str(await api.parts.db["sessions"].find_one({"_id": session}))
    [first, second] = [row for row in await records(api, f"session:{session}") if row["action"] == "auth.session_named"]
    assert "cháu" not in str(second)
    assert [await differences(api, row) for row in (first, second)] == [{"label": (None, names[0])}, {"label": names}]
    assert (await api.call("lan", "PUT", path, json={"name": ""})).status_code == 204
    assert "name" not in next(row for row in (await api.get("lan", "/v1/me/sessions")).json()["items"] if row["current"])


async def test_every_step_of_a_report_says_what_it_changed(api: Api) -> None:
    feedback = await in_state(api, "in_progress", place=PLACE, **CONSENTED)
    answered = await staff(api, "hoa", feedback, "answer", publicText=ENOUGH, whyNoPicture=NO_PICTURE)
    assert answered.status_code == 200, answered.text
    rated = await citizen(api, "lan", feedback, "rating", liked=True, stars=5, text="Cảm ơn cô Hoa nhiều")
    assert rated.status_code == 201, rated.text
    told = [row for row in await records(api, f"feedback:{feedback}") if "changes" in row]
    assert [row["action"] for row in told] == [
        "feedback.sent",
        *["feedback.moved"] * 3,
        "feedback.answered",
        "feedback.rated",
    ]
    sent, *_, answer, rating = [await differences(api, row) for row in told]
    assert (sent["state"], sent["reporter_name"]) == ((None, "received"), (None, NAMES["lan"]))
    assert answer["state"] == ("in_progress", "answered")
    assert (None, ENOUGH) in answer.values()
    assert (None, "Cảm ơn cô Hoa nhiều") in rating.values()
    for word in (NAMES["lan"], ENOUGH, "Cảm ơn", "9.1769"):
        assert word not in str(told)
    assert not any("place" in row for row in (sent, answer, rating)), "an exact place that is taken back is in no record either"


async def test_a_precise_place_rests_on_a_consent_and_goes_with_it(api: Api) -> None:
    purpose = "/v1/me/consents/precise_place"
    await api.parts.db["consents"].delete_many({})
    first = await send(api, "nam", place=PLACE, **CONSENTED)
    # What was said with the report is a consent like any other, and the next report needs not ask.
    consents = (await api.get("nam", "/v1/me/consents")).json()["items"]
    assert next(one for one in consents if one["purpose"] == "precise_place")["granted"] is True
    second = await send(api, "nam", place=PLACE)
    closed = await send(api, "nam", place=PLACE)
    assert (await citizen(api, "nam", closed, "withdraw")).is_success
    without = await send(api, "nam")

    assert (await api.call("nam", "PUT", purpose, json={"granted": False})).is_success
    for report in (first, second, closed):
        assert (await api.get("nam", f"/v1/feedback/{report}")).json()["place"] == {"lat": 9.177, "lon": 105.152}
    assert "place" not in (await api.get("nam", f"/v1/feedback/{without}")).json()
    refused = await api.call(
        "nam", "POST", "/v1/feedback", json=a_report("nam", place=PLACE), headers={"idempotency-key": f'"{new_id()}"'}
    )
    assert (refused.status_code, refused.json()["code"]) == (400, "place_without_consent")
