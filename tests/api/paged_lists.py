"""Every list that is read page by page, by the operation that reads it, and how something new comes into it (R-B3).

A paged operation that is not here fails tests/api/test_broken_requests.py.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

from backend.agencies.actions.members import enrol
from backend.agencies.documents import StaffMember
from backend.dossiers.documents import Reminder
from backend.dossiers.schedule import OVERDUE
from backend.privacy.documents import DataRequest, ErasureRequest
from backend.procedures.documents import Procedure
from kernel.clock import TestClock
from kernel.ids import new_id
from notifications.inbox.post import Notices
from notifications.notice import Notice
from tests.support import reports
from tests.support.api import Api
from tests.support.audit_trail import viewed
from tests.support.callers import NUMBERS
from tests.support.feed import ago, event, new_code
from tests.support.officials import CENTRE, HOA
from tests.support.parts import LIMITED, UNLIMITED

AT_ONE_MOMENT = ago(days=1)
NOBODY_ELSE = "Cán bộ mới"


async def dossiers_arrive(api: Api, count: int) -> None:
    """First all of one moment, so that only the id tells them apart; then newer ones."""
    listed = (await api.get("lan", "/v1/dossiers?limit=1")).json()["items"]
    await api.tell(*(event(new_code(), at=ago(minutes=1) if listed else AT_ONE_MOMENT) for _ in range(count)))


async def notices_arrive(api: Api, count: int) -> None:
    a_moment_passes(api)
    lan = await api.parts.subjects.of(NUMBERS["lan"])
    for _ in range(count):
        await Notices(api.parts.clock).post(Notice(lan, "dossier.accepted", {"code": "H12.13"}, "/dossiers/x", new_id()))


async def reports_arrive(api: Api, count: int) -> None:
    a_moment_passes(api)
    for _ in range(count):
        await reports.send(api, "lan", landmark=f"Cột điện {new_id()}")


async def looks_arrive(api: Api, count: int) -> None:
    """Officials look at Lan's dossiers, all at one moment."""
    a_moment_passes(api)
    lan = await api.parts.subjects.of(NUMBERS["lan"])
    for number in range(count):
        await api.parts.audit.log.record(HOA, viewed(number, subject=lan, agency=CENTRE))


async def officials_arrive(_: Api, count: int) -> None:
    for _ in range(count):
        await enrol(f"{new_id()}@camau.gov.vn", NOBODY_ELSE, agencies=[CENTRE], roles=["assistant"])


async def erasures_arrive(api: Api, count: int) -> None:
    a_moment_passes(api)
    now = api.parts.clock.now()
    for _ in range(count):
        await ErasureRequest(subject=f"s_{new_id()}", requested_at=now, acknowledge_by=now, due_by=now).commit()


async def data_requests_arrive(api: Api, count: int) -> None:
    a_moment_passes(api)
    now = api.parts.clock.now()
    due = {"requested_at": now, "acknowledge_by": now, "due_by": now}
    for _ in range(count):
        await DataRequest(subject=f"s_{new_id()}", kind="restriction", **due).commit()


async def reminders_arrive(api: Api, count: int) -> None:
    a_moment_passes(api)
    now = api.parts.clock.now()
    for _ in range(count):
        facts = {"dossier_id": new_id(), "code": new_code(), "agency": CENTRE, "kind": OVERDUE, "roles": ["handler"], "at": now}
        await Reminder(**facts, expires_at=now + timedelta(days=1)).commit()


async def procedures_arrive(_: Api, count: int) -> None:
    procedures = Procedure.get_pymongo_collection()
    like = await procedures.find_one({"_id": LIMITED})
    assert like
    await procedures.insert_many([{**like, "_id": f"1.{new_id()}"} for _ in range(count)])


async def looks_leave(api: Api) -> None:
    await api.parts.audit.trail.records.delete_many({})


async def officials_leave(_: Api) -> None:
    await StaffMember.get_pymongo_collection().delete_many({"name": NOBODY_ELSE})


async def procedures_leave(_: Api) -> None:
    await Procedure.get_pymongo_collection().delete_many({"_id": {"$nin": [LIMITED, UNLIMITED]}})


def a_moment_passes(api: Api) -> None:
    cast("TestClock", api.parts.clock).advance(timedelta(milliseconds=1))


@dataclass(frozen=True)
class PagedList:
    """One list: who reads it where, and what brings `count` rows into it."""

    who: str
    path: str
    arrive: Callable[[Api, int], Awaitable[object]]
    key: str = "id"
    # Something is in it before anybody comes.
    begun: bool = False
    # What came leaves before the next test, where `tests.support.parts.empty` keeps it.
    leave: Callable[[Api], Awaitable[object]] | None = None


PAGED: dict[str, list[PagedList]] = {
    "listDossiers": [PagedList("lan", "/v1/dossiers", dossiers_arrive)],
    "listStaffDossiers": [
        PagedList("hoa", "/v1/staff/dossiers", dossiers_arrive),
        PagedList("hoa", "/v1/staff/dossiers?q=nguyen&status=accepted", dossiers_arrive),
    ],
    "listInbox": [PagedList("lan", "/v1/inbox", notices_arrive)],
    "listFeedback": [PagedList("lan", "/v1/feedback", reports_arrive)],
    "listStaffFeedback": [
        PagedList("yen", "/v1/staff/feedback", reports_arrive),
        PagedList("yen", "/v1/staff/feedback?category=power_lighting&unassigned=true", reports_arrive),
    ],
    "listMyAccessLog": [PagedList("lan", "/v1/me/access-log", looks_arrive, leave=looks_leave)],
    "listAuditRecords": [PagedList("thu", "/v1/staff/audit", looks_arrive, leave=looks_leave)],
    "listProcedures": [
        PagedList("", "/v1/procedures", procedures_arrive, key="code", begun=True, leave=procedures_leave),
        PagedList("", "/v1/procedures?q=dang ky", procedures_arrive, key="code", begun=True, leave=procedures_leave),
    ],
    "listStaffMembers": [PagedList("khoa", "/v1/staff/directory/members", officials_arrive, begun=True, leave=officials_leave)],
    "listStaffErasureRequests": [PagedList("khoa", "/v1/staff/erasure-requests", erasures_arrive)],
    "listStaffDataRequests": [PagedList("khoa", "/v1/staff/data-requests", data_requests_arrive)],
    "listReminders": [PagedList("hoa", "/v1/staff/reminders", reminders_arrive)],
}
LISTS = {" ".join((operation, one.path.partition("?")[2])).strip(): one for operation, lists in PAGED.items() for one in lists}


async def page(api: Api, one: PagedList, **query: Any) -> dict[str, Any]:
    """One page of it."""
    sign = "&" if "?" in one.path else "?"
    answer = await api.get(one.who, one.path + sign + "&".join(f"{name}={value}" for name, value in query.items()))
    assert answer.status_code == 200, answer.text
    return dict(answer.json())
