"""When an office is reminded of a dossier: half time, the working day before, on the day, when late, and when nothing moves."""

from collections.abc import Iterator
from datetime import date, datetime

import msgspec

from backend.dossiers.limits import NEW_DATE_DAYS, STILL_DAYS
from kernel.clock import VIETNAM
from kernel.working_time import WorkingTime

HALF_TIME, DAY_BEFORE, DUE, OVERDUE, STILL = "half_time", "day_before", "due", "overdue", "still"
# Who is told: those who work on it, and once it is late whoever answers for them.
ROLES = {
    HALF_TIME: ("handler",),
    DAY_BEFORE: ("handler",),
    DUE: ("handler",),
    OVERDUE: ("approver", "handler"),
    STILL: ("handler",),
}


class Reminding(msgspec.Struct, frozen=True):
    """One reminder: of which kind, when, and of which moment it reminds, so that each is given once."""

    kind: str
    at: datetime
    of: datetime


def reminders(
    accepted_at: datetime | None, due_at: datetime | None, status_at: datetime, working: WorkingTime
) -> Iterator[Reminding]:
    """Every reminder of a dossier whose clock runs, past and to come, in no order.

    Raises:
        UnknownYear: it is due in a year the calendar does not know.
    """
    still = working.calendar.working_days_after(status_at.astimezone(VIETNAM).date(), STILL_DAYS.amount)
    yield Reminding(STILL, working.closing(still), status_at)
    if due_at is None:
        return
    if accepted_at is not None and accepted_at < due_at:
        yield Reminding(HALF_TIME, working.advance(accepted_at, working.elapsed(accepted_at, due_at) / 2), due_at)
    yield Reminding(DAY_BEFORE, _working_day_before(due_at, working), due_at)
    yield Reminding(DUE, _opening(due_at.astimezone(VIETNAM).date(), working), due_at)
    yield Reminding(OVERDUE, due_at, due_at)


def proposed_date(now: datetime, working: WorkingTime) -> datetime:
    """The new date that a drafted apology proposes.

    Raises:
        UnknownYear.
    """
    return working.closing(working.calendar.working_days_after(now.astimezone(VIETNAM).date(), NEW_DATE_DAYS.amount))


def _working_day_before(due_at: datetime, working: WorkingTime) -> datetime:
    calendar = working.calendar
    day = calendar.nth_working_day(calendar.working_days_until(due_at.astimezone(VIETNAM).date()) - 1)
    return _opening(day, working)


def _opening(day: date, working: WorkingTime) -> datetime:
    return datetime.combine(day, working.hours.sessions[0][0], VIETNAM)
