"""When offices work: 07:00 to 11:00 and 13:00 to 17:00 on the state's working days (domain.md B5)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from kernel.calendar import Calendar, due_at
from kernel.clock import VIETNAM

_SHIFTS = ((time(7), time(11)), (time(13), time(17)))
HOURS_A_DAY = 8


@dataclass(frozen=True)
class Office:
    """Office time, as a clock that stands still at night, at lunch and on days off."""

    calendar: Calendar

    def after(self, start: datetime, hours: float) -> datetime:
        """The instant `hours` office hours after `start`, always within office hours."""
        left, day = timedelta(hours=hours), start.astimezone(VIETNAM).date()
        while True:
            for opens, closes in self._shifts(day):
                begin = max(opens, start.astimezone(VIETNAM))
                if begin + left <= closes:
                    return begin + left
                left -= max(closes - begin, timedelta())
            day += timedelta(days=1)

    def days_before(self, day: date, count: int) -> date:
        """The `count`-th working day before `day`."""
        while count > 0:
            day -= timedelta(days=1)
            count -= self.calendar.works(day)
        return day

    def due(self, accepted_at: datetime, amount: int, unit: str) -> datetime:
        """When a promise of `amount` working or calendar days falls due."""
        if unit == "working_days":
            return due_at(accepted_at, amount, self.calendar)
        last = accepted_at.astimezone(VIETNAM).date() + timedelta(days=amount)
        return due_at(datetime.combine(last, time(12), VIETNAM), 0, self.calendar)

    def prolonged(self, due: datetime, paused: datetime, resumed: datetime) -> datetime:
        """The due date moved by as many working days as the clock stood still."""
        first, last = paused.astimezone(VIETNAM).date(), resumed.astimezone(VIETNAM).date()
        days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
        return due_at(due, sum(self.calendar.works(day) for day in days), self.calendar)

    def _shifts(self, day: date) -> list[tuple[datetime, datetime]]:
        if not self.calendar.works(day):
            return []
        return [(datetime.combine(day, a, VIETNAM), datetime.combine(day, b, VIETNAM)) for a, b in _SHIFTS]
