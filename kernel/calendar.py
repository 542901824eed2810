"""Working days (ngày làm việc): which days the state works, and when a promise of n days falls due.

Pure, and refuses years it does not know.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property

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

    `closed` are weekdays off, `worked` are weekend days worked instead; every other weekday works. `why` names a day that differs
    from its week: the holiday, or the paper that moved it. `version` names the state of knowledge a promise was made under.
    """

    years: range
    closed: frozenset[date]
    worked: frozenset[date]
    why: Mapping[date, str] = field(default_factory=dict, compare=False)
    version: str = ""

    def overridden(self, overrides: Iterable[Override]) -> "Calendar":
        """This calendar with `overrides` laid over it; the last word on a day wins."""
        closed, worked, why = set(self.closed), set(self.worked), dict(self.why)
        for override in overrides:
            closed.discard(override.day)
            worked.discard(override.day)
            why[override.day] = override.document
            if override.works != (override.day.weekday() < SATURDAY):
                (worked if override.works else closed).add(override.day)
        return Calendar(self.years, frozenset(closed), frozenset(worked), why, self.version)

    def works(self, day: date) -> bool:
        """Is `day` a working day?

        Raises:
            UnknownYear: the calendar does not reach that far; it never guesses.
        """
        self._know(day)
        return day in self.worked or (day.weekday() < SATURDAY and day not in self.closed)

    def working_days_until(self, day: date) -> int:
        """How many working days of the known years lie before `day`: a running number, of which differences mean something.

        Raises:
            UnknownYear.
        """
        self._know(day)
        return bisect_right(self._working_days, day.toordinal() - 1)

    def nth_working_day(self, number: int) -> date:
        """The working day before which `number` others lie.

        Raises:
            UnknownYear: it lies outside the known years.
        """
        if not 0 <= number < len(self._working_days):
            raise UnknownYear(f"The working calendar reaches from {self.years.start} to {self.years.stop - 1}.")
        return date.fromordinal(self._working_days[number])

    def working_days_after(self, start: date, days: int) -> date:
        """The `days`-th working day after `start`; the count begins the day after (Decree 118/2025, reception slip).

        Raises:
            UnknownYear: the count runs out of the known years.
        """
        if days == 0:
            return start
        self._know(start)
        return self.nth_working_day(bisect_right(self._working_days, start.toordinal()) + days - 1)

    def on_or_after(self, day: date) -> date:
        """`day`, or the next working day where it is none.

        Raises:
            UnknownYear.
        """
        return self.nth_working_day(self.working_days_until(day))

    @cached_property
    def _working_days(self) -> tuple[int, ...]:
        """Every working day of the known years, as ordinals: counting is looking up."""
        first, last = date(self.years.start, 1, 1).toordinal(), date(self.years.stop, 1, 1).toordinal()
        return tuple(number for number in range(first, last) if self.works(date.fromordinal(number)))

    def _know(self, day: date) -> None:
        if day.year not in self.years:
            raise UnknownYear(f"The working calendar of {day.year} is not known.", year=day.year)


# The counter closes at 17:00; what is promised for a day is promised until then (configurable per agency later).
CLOSING_TIME = time(17, 0)


def due_at(accepted_at: datetime, days: int, calendar: Calendar) -> datetime:
    """When a promise of `days` working days, given at `accepted_at`, falls due: closing time of that day, aware."""
    day = calendar.working_days_after(accepted_at.astimezone(VIETNAM).date(), days)
    return datetime.combine(day, CLOSING_TIME, VIETNAM)
