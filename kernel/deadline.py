"""When a promise falls due, and why: days that count, days that do not, pauses, extensions (domain.md B4, cases.md 1.2).

    term (5 working days) ── starts the day after ──> budget ── pauses stop it, extensions add to it ──> due, explained

A term in days runs to the end of its last day; one that would end on a day off ends on the next working day (Civil Code 2015,
article 148). A pause keeps what is left of the budget and gives it back when it ends. Pure: time is an argument.
"""

import calendar as months
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal, Protocol

from kernel.clock import VIETNAM
from kernel.working_time import ZERO, WorkingTime

Unit = Literal["working_days", "calendar_days", "working_hours", "hours", "months"]
IN_DAYS: frozenset[Unit] = frozenset({"working_days", "calendar_days", "months"})
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Term:
    """A time limit as procedures state it (national field DonViTinh)."""

    amount: int
    unit: Unit


@dataclass(frozen=True)
class Pause:
    """The clock stands still; without `ends` it still does."""

    begins: datetime
    ends: datetime | None
    why: str


@dataclass(frozen=True)
class Extension:
    """Decided `at`: the new date, and the paper that says so (form 04)."""

    at: datetime
    until: datetime
    document: str


@dataclass(frozen=True)
class Day:
    """One day of the count: how much of it counted (working time, or hours of the clock), and what is special about it.

    `kind` is `counted`, `partly` (a pause took some of it), `paused`, `weekend`, `holiday`, `received` for the day before the count
    begins, or `carried` for one after the term's last, which was a day off. `why` is the holiday, the paper or the pause behind it.
    The hours of all the days add up to the term.
    """

    day: date
    kind: str
    counted: timedelta
    why: str = ""


class _Passage(Protocol):
    """How time passes for a term: by the office's clock or by the one on the wall."""

    def advance(self, start: datetime, by: timedelta) -> datetime: ...

    def elapsed(self, start: datetime, end: datetime) -> timedelta: ...


class _Wall:
    def advance(self, start: datetime, by: timedelta) -> datetime:
        return start + by

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        return end - start


def deadline(
    start: datetime,
    term: Term,
    working: WorkingTime,
    *,
    pauses: Sequence[Pause] = (),
    extensions: Sequence[Extension] = (),
    cutoff: time | None = None,
) -> "Deadline":
    """The due date of a term that starts with an acceptance at `start`, and what made it so.

    Pauses in order and apart. `cutoff`: what is accepted later in the day counts as accepted on the next working day; terms in
    hours know none.

    Raises:
        UnknownYear: the count leaves the years the calendar knows.
    """
    counts_from, budget, passage = _budget(start, term, working, cutoff)
    spent = _Spending(counts_from, passage, tuple(pauses))
    for extension in extensions:
        before = spent.end(budget, known_at=extension.at) or extension.at
        budget += max(ZERO, passage.elapsed(_settled(before, term, working), extension.until))
    end = spent.end(budget)
    due = None if end is None else _settled(end, term, working)
    return Deadline(term, start, due, tuple(extensions), working, spent, budget, end)


@dataclass(frozen=True)
class Deadline:
    """When it is due; `due_at` is None while the clock stands still."""

    term: Term
    start: datetime
    due_at: datetime | None
    extensions: tuple[Extension, ...]
    _working: WorkingTime
    _spent: "_Spending"
    _budget: timedelta
    _end: datetime | None

    @property
    def counts_from(self) -> datetime:
        return self._spent.counts_from

    @property
    def pauses(self) -> tuple[Pause, ...]:
        return self._spent.pauses

    def remaining(self, now: datetime) -> timedelta:
        """What is left of the term at `now`, by the term's own clock: office hours for terms in working time."""
        return max(ZERO, self._budget - self._spent.counted(self.counts_from, now))

    def days(self, now: datetime) -> list[Day]:
        """Every day from the acceptance to the due date; while the clock stands still, to `now`."""
        last, day, found = (self.due_at or now).astimezone(VIETNAM).date(), self.start.astimezone(VIETNAM).date(), []
        while day <= last:
            found.append(self._day(day, self._end or now))
            day += ONE_DAY
        return found

    def _day(self, day: date, count_ends: datetime) -> Day:
        begins, ends = max(_midnight(day), self.counts_from), min(_midnight(day + ONE_DAY), count_ends)
        calendar = self._working.calendar
        named = calendar.why.get(day, "")
        if _midnight(day + ONE_DAY) <= self.counts_from:
            return Day(day, "received", ZERO)
        if ends <= begins:
            return Day(day, "carried", ZERO, named)
        if self._spent.passage is self._working and not calendar.works(day):
            return Day(day, "holiday" if named else "weekend", ZERO, named)
        counted, paused = self._spent.counted(begins, ends), self._spent.paused_at(begins, ends)
        if counted == ZERO:
            return Day(day, "paused", ZERO, paused)
        return Day(day, "partly" if paused else "counted", counted, paused or named)


def _budget(start: datetime, term: Term, working: WorkingTime, cutoff: time | None) -> tuple[datetime, timedelta, _Passage]:
    """From when the term counts, how much it is, and by which clock."""
    if term.unit == "working_hours":
        return start, timedelta(hours=term.amount), working
    if term.unit == "hours":
        return start, timedelta(hours=term.amount), _Wall()
    received = _received_on(start, working, cutoff)
    counts_from = _midnight(received + ONE_DAY)
    if term.unit == "working_days":
        return counts_from, working.hours.day * term.amount, working
    last = _months_later(received, term.amount) if term.unit == "months" else received + timedelta(days=term.amount)
    return counts_from, _midnight(last + ONE_DAY) - counts_from, _Wall()


def _received_on(start: datetime, working: WorkingTime, cutoff: time | None) -> date:
    local = start.astimezone(VIETNAM)
    if cutoff is None:
        return local.date()
    late = local.time() >= cutoff
    return working.calendar.on_or_after(local.date() + (ONE_DAY if late else ZERO))


@dataclass(frozen=True)
class _Spending:
    """Walks a budget through the pauses."""

    counts_from: datetime
    passage: _Passage
    pauses: tuple[Pause, ...]

    def end(self, budget: timedelta, known_at: datetime | None = None) -> datetime | None:
        """When the budget is used up; None while an open pause keeps it. `known_at` overlooks pauses that began later."""
        at, total = self.counts_from, ZERO
        for pause in self.pauses:
            if known_at is not None and pause.begins > known_at:
                break
            begins = max(pause.begins, at)
            used = self.passage.elapsed(at, begins)
            if total + used >= budget:
                break
            total += used
            if pause.ends is None:
                return None
            at = max(pause.ends, at)
        return self.passage.advance(at, budget - total)

    def counted(self, begins: datetime, ends: datetime) -> timedelta:
        """How much of the time between the two counts."""
        begins = max(begins, self.counts_from)
        if ends <= begins:
            return ZERO
        lost = ZERO
        for pause in self.pauses:
            low, high = max(begins, pause.begins), min(ends, pause.ends or ends)
            lost += self.passage.elapsed(low, high) if low < high else ZERO
        return self.passage.elapsed(begins, ends) - lost

    def paused_at(self, begins: datetime, ends: datetime) -> str:
        """Why the clock stood still between the two, if it did."""
        return next((p.why for p in self.pauses if p.begins < ends and (p.ends is None or p.ends > begins)), "")


def _settled(end: datetime, term: Term, working: WorkingTime) -> datetime:
    """A term in days ends when the counter closes on its last day, and never on a day off."""
    if term.unit not in IN_DAYS:
        return end
    # A budget that ends at midnight has used up the day before.
    last = (end.astimezone(VIETNAM) - timedelta(microseconds=1)).date()
    return working.closing(working.calendar.on_or_after(last))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), VIETNAM)


def _months_later(day: date, amount: int) -> date:
    """The same day of the month, or the month's last where it has no such day (Civil Code 2015, article 148)."""
    year, month = divmod(day.year * 12 + day.month - 1 + amount, 12)
    return date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))
