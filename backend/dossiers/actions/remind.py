"""Look at the dossiers whose moment has come: remind whoever works on them, once for each moment, and draft the apology when late.

A look is leased: it is put off before it begins, so that two workers never look at the same one at a time, and one that dies is
followed by another. A reminder's id is made of what it reminds of: given twice, it is one.
"""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import structlog
from pymongo.errors import DuplicateKeyError

from backend.dossiers import schedule
from backend.dossiers.documents import Dossier, Reminder, Watch
from backend.dossiers.states import STATUSES
from kernel.calendar import Calendar, UnknownYear
from kernel.ids import derived_id
from kernel.working_time import WorkingTime

log = structlog.get_logger(__name__)

LEASE = timedelta(minutes=2)
# A date a source tells later has no event of its own: nobody is left unseen for longer than a day.
AT_LEAST_EVERY = timedelta(days=1)
KEPT_FOR = timedelta(days=180)
# What is older than this is history: nobody is reminded of last year's half time.
STALE = timedelta(days=14)
_SEEN = {"code": 1, "deciding_agency": 1, "status": 1, "status_at": 1, "accepted_at": 1, "due_at": 1}


async def watch(dossier_id: str, at: datetime) -> None:
    """From now on it is looked at; the next time is `at`."""
    await Watch.get_pymongo_collection().update_one(
        {"_id": dossier_id}, {"$set": {"look_at": at}, "$setOnInsert": {"version": 1}}, upsert=True
    )


async def remind_next(now: datetime, calendar: Calendar) -> bool:
    """Look at one dossier; False where none has to be looked at."""
    watches, until = Watch.get_pymongo_collection(), now + LEASE
    taken = await watches.find_one_and_update({"look_at": {"$lte": now}}, {"$set": {"look_at": until}}, sort=[("look_at", 1)])
    if taken is None:
        return False
    row = await Dossier.get_pymongo_collection().find_one({"_id": taken["_id"]}, _SEEN)
    mine = {"_id": taken["_id"], "look_at": until}
    if row is None or STATUSES[row["status"]].clock != "running":
        # Its next change of status puts it back.
        await watches.delete_one(mine)
        return True
    following = await _look(row, now, WorkingTime(calendar))
    await watches.update_one(mine, {"$set": {"look_at": min(following, now + AT_LEAST_EVERY)}})
    return True


async def apologised(dossier_id: str, now: datetime) -> None:
    """A new date holds: the task to apologise is done."""
    open_tasks = {"dossier_id": dossier_id, "kind": schedule.OVERDUE, "done_at": None}
    await Reminder.get_pymongo_collection().update_many(open_tasks, {"$set": {"done_at": now}, "$inc": {"version": 1}})


async def _look(row: dict[str, Any], now: datetime, working: WorkingTime) -> datetime:
    """Give the reminders whose moment has come; answers when the next one's does."""
    try:
        every = list(schedule.reminders(row.get("accepted_at"), row.get("due_at"), row["status_at"], working))
    except UnknownYear:
        return now + AT_LEAST_EVERY
    for one in every:
        if now - STALE < one.at <= now:
            with suppress(DuplicateKeyError):
                await _reminder(row, one, now, working).commit()
                log.info("dossier.reminded", kind=one.kind, dossier=row["_id"], agency=row["deciding_agency"])
    return min((one.at for one in every if one.at > now), default=now + AT_LEAST_EVERY)


def _reminder(row: dict[str, Any], one: schedule.Reminding, now: datetime, working: WorkingTime) -> Reminder:
    late = one.kind == schedule.OVERDUE
    return Reminder(
        id=derived_id("reminder", row["_id"], one.kind, one.of.isoformat()),
        dossier_id=row["_id"],
        code=row["code"],
        agency=row["deciding_agency"],
        kind=one.kind,
        roles=list(schedule.ROLES[one.kind]),
        at=one.at,
        due_at=row.get("due_at"),
        proposed=schedule.proposed_date(now, working) if late else None,
        expires_at=now + KEPT_FOR,
    )
