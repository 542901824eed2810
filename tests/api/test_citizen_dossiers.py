"""A citizen's dossiers, as the phone sees them."""

from datetime import datetime, timedelta

import pytest

from kernel.ids import new_id
from tests.support.api import Api, assert_problem
from tests.support.callers import NUMBERS
from tests.support.feed import ago, event, new_code
from tests.support.officials import CENTRE, LAND_OFFICE


async def test_a_dossier_with_its_timeline_its_due_date_its_agencies_and_what_may_be_done(api: Api) -> None:
    code, due = new_code(), (api.parts.clock.now() + timedelta(days=3)).isoformat()
    dossier = await api.told(
        event(code, "accepted", ago(hours=3), dueAt=due, note="Đã nhận đủ giấy tờ"),
        event(code, "processing", ago(hours=2)),
    )
    seen = (await api.get("lan", f"/v1/dossiers/{dossier}")).json()
    assert (seen["code"], seen["procedureName"], seen["hasResult"]) == (code, "Đăng ký đất đai lần đầu", False)
    assert seen["status"] == {"name": "processing", "code": 4, "label": "Đang xử lý", "clock": "running"}
    assert [entry["status"]["name"] for entry in seen["timeline"]] == ["accepted", "processing"]
    assert seen["timeline"][0]["note"] == "Đã nhận đủ giấy tờ"
    assert "note" not in seen["timeline"][1]
    assert datetime.fromisoformat(seen["dueAt"]) == datetime.fromisoformat(due)
    assert (seen["receivingAgency"]["code"], seen["decidingAgency"]["code"]) == (CENTRE, LAND_OFFICE)
    assert seen["decidingAgency"]["name"] not in ("", LAND_OFFICE)
    assert [step["name"] for step in seen["allowedActions"]] == ["request_withdrawal"]
    assert seen["overdue"] is False


@pytest.mark.proves("SEC-46")
async def test_the_phone_gets_no_personal_number_and_nothing_that_is_the_offices_own(api: Api) -> None:
    dossier = await api.told(event(new_code()))
    for path in ("/v1/dossiers", f"/v1/dossiers/{dossier}"):
        text = (await api.get("lan", path)).text
        assert NUMBERS["lan"] not in text
        for word in ("applicant", "outbox", "relay", "search", "nameTokens", "actor", "recordedAt", "citizenKey", "s_"):
            assert f'"{word}' not in text
    assert NUMBERS["lan"] not in (await api.get("hoa", f"/v1/staff/dossiers/{dossier}")).text


@pytest.mark.parametrize(("language", "label"), [("vi", "Được tiếp nhận"), ("en", "Accepted")])
async def test_labels_follow_the_language_and_names_do_not(api: Api, language: str, label: str) -> None:
    dossier = await api.told(event(new_code()))
    seen = (await api.get("lan", f"/v1/dossiers/{dossier}", headers={"accept-language": language})).json()
    assert (seen["status"]["name"], seen["status"]["label"]) == ("accepted", label)


async def test_times_are_utc_whatever_zone_they_were_told_in(api: Api) -> None:
    dossier = await api.told(event(new_code(), at="2026-06-15T08:30:00.123456+07:00"))
    seen = (await api.get("lan", f"/v1/dossiers/{dossier}")).json()
    assert seen["statusAt"] == "2026-06-15T01:30:00.123000Z"


async def test_the_list_begins_with_the_latest_change(api: Api) -> None:
    older, newer, changed = new_code(), new_code(), new_code()
    await api.tell(
        event(changed, at=ago(days=9)), event(older, at=ago(days=2)), event(newer, at=ago(days=1)), event(changed, "processing")
    )
    listed = (await api.get("lan", "/v1/dossiers")).json()
    assert [item["code"] for item in listed["items"]] == [changed, newer, older]
    assert "nextCursor" not in listed


@pytest.mark.parametrize(
    ("statuses", "overdue"), [(["accepted"], True), (["accepted", "awaiting_papers"], False), (["accepted", "finished"], False)]
)
async def test_only_what_runs_can_be_overdue(api: Api, statuses: list[str], overdue: bool) -> None:
    code, due = new_code(), ago(days=1)
    dossier = await api.told(*(event(code, status, ago(days=9 - n), dueAt=due) for n, status in enumerate(statuses)))
    assert (await api.get("lan", f"/v1/dossiers/{dossier}")).json()["overdue"] is overdue


async def test_an_irregular_step_is_shown_as_what_it_is(api: Api) -> None:
    code = new_code()
    dossier = await api.told(event(code, "accepted", ago(hours=2)), event(code, "returned", ago(hours=1)))
    seen = (await api.get("lan", f"/v1/dossiers/{dossier}")).json()
    assert [entry["irregular"] for entry in seen["timeline"]] == [False, True]
    assert seen["status"]["name"] == "returned"


async def test_a_result_that_is_not_there_yet_says_so(api: Api) -> None:
    dossier = await api.told(event(new_code()))
    assert_problem(await api.get("lan", f"/v1/dossiers/{dossier}/result"), 404, "result_not_ready")


@pytest.mark.proves("SEC-43")
async def test_a_foreign_dossier_does_not_exist_nor_does_its_result(api: Api) -> None:
    dossier = await api.told(event(new_code()))
    assert (await api.publish("minh", dossier)).status_code == 201
    for path in (f"/v1/dossiers/{dossier}", f"/v1/dossiers/{dossier}/result", f"/v1/dossiers/{new_id()}/result"):
        assert_problem(await api.get("nam", path), 404, "dossier_not_found")


async def test_a_shared_name_opens_nothing_the_number_decides(api: Api) -> None:
    await api.told(event(new_code(), whose="lan", applicant={"personalNumber": NUMBERS["lan"], "name": "Trần Văn Nam"}))
    assert (await api.get("nam", "/v1/dossiers")).json() == {"items": []}
