"""Working time (thời gian làm việc): what office hours on working days amount to, forwards and backwards, to the microsecond.

Every instant has a position: the work an office has done since the calendar began. Advancing is adding to a position, elapsed is
the difference of two, and so what is parted adds up again, a pause of no length changes nothing, and nobody who comes later is
served earlier. Pure; refuses years the calendar does not know.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import pairwise

from kernel.calendar import Calendar
from kernel.clock import VIETNAM

ZERO = timedelta(0)
_MIDNIGHT = time(0)


@dataclass(frozen=True)
class OfficeHours:
    """The sessions of a working day, morning to evening, Vietnamese time.

    The default is Cà Mau's (domain.md B5): 07:00 to 11:00 and 13:00 to 17:00, eight hours a day.

    Raises:
        ValueError: a session ends before it begins, or two overlap.
    """

    sessions: tuple[tuple[time, time], ...] = ((time(7), time(11)), (time(13), time(17)))

    def __post_init__(self) -> None:
        moments = [moment for session in self.sessions for moment in session]
        if not moments or any(later <= earlier for earlier, later in pairwise(moments)):
            raise ValueError(f"office hours have to follow each other: {moments}")

    @cached_property
    def day(self) -> timedelta:
        """The work of a whole day."""
        return sum((_since_midnight(end) - _since_midnight(begin) for begin, end in self.sessions), ZERO)

    @property
    def closes(self) -> time:
        return self.sessions[-1][1]

    def done_by(self, moment: time) -> timedelta:
        """The work of a day done by `moment`."""
        at, done = _since_midnight(moment), ZERO
        for begin, end in self.sessions:
            done += max(ZERO, min(at, _since_midnight(end)) - _since_midnight(begin))
        return done

    def moment(self, work: timedelta) -> timedelta:
        """When so much of a day's work is done, as time since midnight: the earliest such moment."""
        left = work
        for begin, end in self.sessions:
            length = _since_midnight(end) - _since_midnight(begin)
            if left <= length:
                return _since_midnight(begin) + left
            left -= length
        raise ValueError(f"a day has only {self.day} of work")


@dataclass(frozen=True)
class WorkingTime:
    """Office hours over a calendar."""

    calendar: Calendar
    hours: OfficeHours = OfficeHours()

    def position(self, instant: datetime) -> timedelta:
        """The work done from the calendar's first day until `instant`.

        Raises:
            UnknownYear.
        """
        local = instant.astimezone(VIETNAM)
        today = local.date()
        whole_days = self.hours.day * self.calendar.working_days_until(today)
        return whole_days + self.hours.done_by(local.time()) if self.calendar.works(today) else whole_days

    def at(self, position: timedelta) -> datetime:
        """The earliest instant at which so much work is done; at a day's whole work, its closing time.

        Raises:
            UnknownYear.
        """
        before, work = divmod(position, self.hours.day)
        if work == ZERO:
            before, work = before - 1, self.hours.day
        day = self.calendar.nth_working_day(before)
        return datetime.combine(day, _MIDNIGHT, VIETNAM) + self.hours.moment(work)

    def advance(self, start: datetime, work: timedelta) -> datetime:
        """When `work` more is done after `start`; no work leaves `start` as it is.

        Raises:
            UnknownYear.
        """
        return start if work == ZERO else self.at(self.position(start) + work)

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        """The work done between the two.

        Raises:
            UnknownYear.
        """
        return self.position(end) - self.position(start)

    def closing(self, day: date) -> datetime:
        """When the counter closes on that day."""
        return datetime.combine(day, self.hours.closes, VIETNAM)


def _since_midnight(moment: time) -> timedelta:
    return timedelta(hours=moment.hour, minutes=moment.minute, seconds=moment.second, microseconds=moment.microsecond)
