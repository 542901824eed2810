"""A dossier that is late is apologised for: offices are reminded, the draft proposes a date, the citizen hears of the new one."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from backend.app.worker import make_relay
from backend.dossiers.actions.remind import remind_next
from kernel.clock import VIETNAM
from kernel.state_calendar import calendar_at
from kernel.working_time import WorkingTime
from tests.support.api import Api, assert_problem
from tests.support.feed import ago, event, new_code

REASON = "Chờ ý kiến của cơ quan phối hợp về ranh giới thửa đất"


def working_day(now: datetime, ahead: int) -> str:
    return calendar_at(now).working_days_after(now.astimezone(VIETNAM).date(), ahead).isoformat()


async def reminded(api: Api, now: datetime) -> int:
    """The worker hears what happened and looks at whatever has to be looked at."""
    await make_relay(api.parts).drain()
    looks = 0
    while await remind_next(now, calendar_at(now)):
        looks += 1
    return looks


async def extend(api: Api, dossier_id: str, who: str = "minh", **change: object) -> Any:
    body = {"until": working_day(api.parts.clock.now(), 30), "document": "12/TB-TTPVHCC", "reason": REASON, **change}
    return await api.call(who, "POST", f"/v1/staff/dossiers/{dossier_id}/extensions", json=body)


async def test_a_late_dossier_is_put_before_the_leader_once_with_a_draft(api: Api) -> None:
    now, code = api.parts.clock.now(), new_code()
    await api.told(event(code, at=ago(days=9), dueAt=ago(days=1), decidingAgency="H12.13"))
    assert await reminded(api, now) == 1
    assert await reminded(api, now) == 0
    await reminded(api, now + timedelta(minutes=10))
    seen = (await api.get("minh", "/v1/staff/reminders")).json()["items"]
    assert [item["kind"] for item in seen if item["code"] == code] == ["overdue"]
    assert seen[0]["proposedDate"] == working_day(now, 5)
    kinds = {item["kind"] for item in (await api.get("hoa", "/v1/staff/reminders")).json()["items"]}
    assert kinds >= {"half_time", "overdue", "due"}
    assert (await api.get("be", "/v1/staff/reminders")).json()["items"] == []
    assert (await api.get("phuc", "/v1/staff/reminders")).json()["items"] == []


async def test_an_apology_sets_the_date_tells_the_citizen_and_ends_the_task(api: Api) -> None:
    now = api.parts.clock.now()
    dossier_id = await api.told(event(new_code(), at=ago(days=9), dueAt=ago(hours=1), decidingAgency="H12.13"))
    await reminded(api, now)
    before = (await api.get("minh", f"/v1/staff/dossiers/{dossier_id}")).json()
    assert before["overdue"] is True
    assert "extend" in {action["name"] for action in before["allowedActions"]}
    answer = await extend(api, dossier_id)
    assert answer.status_code == 201, answer.text
    after = answer.json()
    assert (after["overdue"], after["status"]) == (False, before["status"])
    assert "extend" not in {action["name"] for action in after["allowedActions"]}
    await reminded(api, now)
    found = (await api.get("lan", f"/v1/dossiers/{dossier_id}/deadline")).json()
    [extension] = found["extensions"]
    assert (extension["document"], extension["reason"]) == ("12/TB-TTPVHCC", REASON)
    due = WorkingTime(calendar_at(now)).closing(datetime.fromisoformat(working_day(now, 30)).date())
    assert datetime.fromisoformat(found["dueAt"]) == datetime.fromisoformat(extension["until"]) == due
    inbox = (await api.get("lan", "/v1/inbox")).json()["items"]
    assert any("xin lỗi" in item["body"] for item in inbox), inbox
    [task] = [one for one in (await api.get("minh", "/v1/staff/reminders")).json()["items"] if one["kind"] == "overdue"]
    assert task["doneAt"]


@pytest.mark.parametrize(
    ("who", "change", "status", "code"),
    [
        ("hoa", {}, 403, "role_missing"),
        ("minh", {"until": "2024-01-08"}, 400, "new_date_not_later"),
        ("minh", {"reason": "....................."}, 400, "reason_missing"),
        ("minh", {"reason": "[nêu lý do cụ thể]"}, 400, "reason_missing"),
    ],
)
async def test_a_new_date_that_cannot_be_set_says_why(
    api: Api, who: str, change: dict[str, object], status: int, code: str
) -> None:
    dossier_id = await api.told(event(new_code(), dueAt=ago(hours=-30)))
    assert_problem(await extend(api, dossier_id, who, **change), status, code)


async def test_a_date_is_set_anew_once(api: Api) -> None:
    dossier_id = await api.told(event(new_code(), dueAt=ago(hours=-30)))
    assert (await extend(api, dossier_id)).status_code == 201
    again = await extend(api, dossier_id, until=working_day(api.parts.clock.now(), 60))
    assert_problem(again, 409, "extended_already")


async def test_what_has_no_date_gets_no_new_one(api: Api) -> None:
    dossier_id = await api.told(event(new_code()))
    assert_problem(await extend(api, dossier_id), 409, "nothing_to_extend")
