"""Working days (ngày làm việc): which days the state works, and when a promise of n days falls due.

Pure, and refuses years it does not know.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from kernel.clock import VIETNAM
from kernel.errors import Unavailable

SATURDAY = 5


class UnknownYear(Unavailable):
    """The working calendar of that year has not been published yet."""

    vi = "Lịch làm việc của năm đó chưa được công bố."


@dataclass(frozen=True)
class Override:
    """A day that differs from the seed: a swap, a storm day. `document` is the paper that says so."""

    day: date
    works: bool
    document: str


@dataclass(frozen=True)
class Calendar:
    """A state working calendar for whole years.

    `closed` are weekdays off, `worked` are weekend days worked instead; every other weekday works.
    """

    years: range
    closed: frozenset[date]
    worked: frozenset[date]

    def overridden(self, overrides: Iterable[Override]) -> "Calendar":
        """This calendar with `overrides` laid over it; the last word on a day wins."""
        closed, worked = set(self.closed), set(self.worked)
        for override in overrides:
            closed.discard(override.day)
            worked.discard(override.day)
            if override.works != (override.day.weekday() < SATURDAY):
                (worked if override.works else closed).add(override.day)
        return Calendar(self.years, frozenset(closed), frozenset(worked))

    def works(self, day: date) -> bool:
        """Is `day` a working day?

        Raises:
            UnknownYear: the calendar does not reach that far; it never guesses.
        """
        if day.year not in self.years:
            raise UnknownYear(f"The working calendar of {day.year} is not known.", year=day.year)
        return day in self.worked or (day.weekday() < SATURDAY and day not in self.closed)

    def working_days_after(self, start: date, days: int) -> date:
        """The `days`-th working day after `start`; the count begins the day after (Decree 118/2025, reception slip).

        Raises:
            UnknownYear: the count runs out of the known years.
        """
        day, left = start, days
        while left > 0:
            day += timedelta(days=1)
            left -= self.works(day)
        return day


# The counter closes at 17:00; what is promised for a day is promised until then (configurable per agency later).
CLOSING_TIME = time(17, 0)


def due_at(accepted_at: datetime, days: int, calendar: Calendar) -> datetime:
    """When a promise of `days` working days, given at `accepted_at`, falls due: closing time of that day, aware."""
    day = calendar.working_days_after(accepted_at.astimezone(VIETNAM).date(), days)
    return datetime.combine(day, CLOSING_TIME, VIETNAM)
