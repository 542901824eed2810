"""When a dossier is due, explained over the API: golden vectors, pauses, what a source told, and the file for a calendar."""

from datetime import date, datetime
from typing import Any

import icalendar
import pytest

from backend.dossiers.documents import Dossier, Promise, TimelineEntry
from kernel.clock import VIETNAM
from kernel.state_calendar import state_calendar
from kernel.working_time import WorkingTime
from tests.support.api import Api, assert_problem
from tests.support.callers import NUMBERS
from tests.support.feed import event, new_code
from tests.support.officials import CENTRE, LAND_OFFICE

WORKING = WorkingTime(state_calendar(2028))
# domain.md E.
GOLDEN = [
    ("2026-08-21", 5, "2026-08-27"),
    ("2026-08-28", 3, "2026-09-07"),
    ("2026-02-12", 5, "2026-02-26"),
    ("2025-12-31", 2, "2026-01-06"),
    ("2026-01-08", 2, "2026-01-10"),
    ("2026-11-23", 1, "2026-11-25"),
    ("2025-04-25", 5, "2025-05-06"),
    ("2026-04-24", 1, "2026-04-28"),
]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


async def promised(api: Api, amount: int, *steps: tuple[str, str], unit: Any = "working_days") -> Dossier:
    """A dossier of lan's with this promise, which went through these statuses."""
    promise = Promise(amount=amount, unit=unit, procedure="1.012786", procedure_version=1, calendar="vn")
    entries = [
        TimelineEntry(key=f"motcua:{new_code()}", at=at(when), recorded_at=at(when), status=status, source="motcua")
        for status, when in steps
    ]
    dossier = Dossier(
        code=new_code(),
        procedure_code="1.012786",
        procedure_name="Đăng ký đất đai",
        applicant=await api.parts.subjects.of(NUMBERS["lan"]),
        receiving_agency=CENTRE,
        deciding_agency=LAND_OFFICE,
        status=steps[0][0],
        status_at=at(steps[0][1]),
        updated_at=at(steps[0][1]),
        timeline=[],
        promise=promise,
    )
    dossier.tell(*entries)
    dossier.settle(WORKING)
    return await dossier.commit()


async def explained(api: Api, dossier: Dossier, **headers: str) -> dict[str, Any]:
    answer = await api.get("lan", f"/v1/dossiers/{dossier.id}/deadline", headers=headers)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


@pytest.mark.parametrize(("accepted", "days", "due"), GOLDEN, ids=[f"{row[0]}+{row[1]}" for row in GOLDEN])
async def test_the_golden_due_dates_come_with_every_day_that_made_them(api: Api, accepted: str, days: int, due: str) -> None:
    dossier = await promised(api, days, ("accepted", f"{accepted}T09:00"))
    found = await explained(api, dossier)
    assert found["source"] == "counted"
    assert datetime.fromisoformat(found["dueAt"]) == at(f"{due}T17:00") == dossier.due_at
    counted = [day for day in found["days"] if day["kind"] == "counted"]
    assert len(counted) == days
    assert {day["counted"] for day in counted} == {"PT8H"}
    assert (found["days"][0]["day"], found["days"][0]["kind"]) == (accepted, "received")
    assert found["days"][-1]["day"] == due
    assert found["term"]["basis"]["procedureCode"] == "1.012786"
    assert found["term"]["text"] == f"{days} ngày làm việc"


async def test_over_tet_every_skipped_day_says_why(api: Api) -> None:
    days = (await explained(api, await promised(api, 5, ("accepted", "2026-02-12T09:00"))))["days"]
    tet = {day["day"]: day for day in days if day["kind"] == "holiday"}
    assert set(tet) >= {f"2026-02-{n}" for n in range(16, 21)}
    assert all(day["why"] and day["counted"] == "PT0S" for day in tet.values())


async def test_a_pause_is_told_by_its_status_and_takes_the_due_date_away(api: Api) -> None:
    paused = await promised(api, 5, ("accepted", "2026-11-09T10:00"), ("awaiting_papers", "2026-11-11T09:00"))
    found = await explained(api, paused)
    assert "dueAt" not in found
    assert found["overdue"] is False
    [pause] = found["pauses"]
    assert (pause["status"]["name"], "ends" in pause) == ("awaiting_papers", False)
    # The day of the acceptance does not count, the 10th does, and two hours of the 11th.
    assert found["remaining"] == {"duration": "PT30H", "text": "còn 3 ngày làm việc 6 giờ"}
    steps = [("accepted", "2026-11-09T10:00"), ("awaiting_papers", "2026-11-11T09:00"), ("processing", "2026-11-16T09:00")]
    resumed = await promised(api, 5, *steps)
    found = await explained(api, resumed)
    assert datetime.fromisoformat(found["dueAt"]) == resumed.due_at
    assert found["pauses"][0]["ends"]
    kinds = {day["day"]: day for day in found["days"]}
    assert (kinds["2026-11-12"]["kind"], kinds["2026-11-12"]["why"]) == ("paused", "Yêu cầu bổ sung giấy tờ")
    assert kinds["2026-11-11"]["kind"] == "partly"


async def test_a_sources_own_date_is_told_and_not_counted(api: Api) -> None:
    dossier_id = await api.told(event(new_code(), dueAt="2099-06-15T17:00:00+07:00"))
    found = (await api.get("lan", f"/v1/dossiers/{dossier_id}/deadline")).json()
    assert (found["source"], found["days"]) == ("told", [])
    assert datetime.fromisoformat(found["dueAt"]) == at("2099-06-15T17:00")


async def test_it_is_explained_in_three_languages(api: Api) -> None:
    dossier = await promised(api, 5, ("accepted", "2026-11-09T10:00"), ("awaiting_papers", "2026-11-10T07:00"))
    texts = {(await explained(api, dossier, **{"accept-language": tongue}))["remaining"]["text"] for tongue in ("vi", "en", "km")}
    assert texts == {"còn 5 ngày làm việc", "left: 5 working days", "នៅសល់ 5 ថ្ងៃធ្វើការ"}


async def test_the_calendar_file_says_when_and_nothing_about_anybody(api: Api) -> None:
    dossier = await promised(api, 5, ("accepted", "2026-02-12T09:00"))
    answer = await api.get("lan", f"/v1/dossiers/{dossier.id}/deadline.ics")
    assert answer.headers["content-type"].startswith("text/calendar")
    [found] = icalendar.Calendar.from_ical(answer.text).walk("VEVENT")
    assert found["DTSTART"].dt == date(2026, 2, 26)
    assert str(found["UID"]) == f"dossier-{dossier.id}@motcua"
    assert str(found["SUMMARY"]) == f"{dossier.code}: hạn trả kết quả"
    assert "Lan" not in answer.text
    again = await api.get("lan", f"/v1/dossiers/{dossier.id}/deadline.ics")
    assert again.content == answer.content


async def test_without_a_due_date_there_is_no_calendar_file(api: Api) -> None:
    dossier = await promised(api, 5, ("accepted", "2026-11-09T10:00"), ("awaiting_papers", "2026-11-10T07:00"))
    assert_problem(await api.get("lan", f"/v1/dossiers/{dossier.id}/deadline.ics"), 404, "no_due_date")
