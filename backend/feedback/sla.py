"""The promises a citizen is given, and what becomes of them: pure, on any clock.

A promise is stored with what it was counted by; that it is broken is never stored but worked out. It moves in three ways only: a
pause moves it back by as long as the pause lasted, a reclassification may make it shorter, and where the clock stops it ends.
"""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Literal

from pydantic import BaseModel

from backend.feedback.limits import Limit, term
from backend.feedback.states import ANSWER, DISPATCH, RECEIVED, STATES
from kernel.calendar import Calendar, due_at
from kernel.clock import VIETNAM

Why = Literal["received", "dispatched", "reopened", "reopening_asked", "reclassified", "resumed"]


class Promise(BaseModel, frozen=True):
    """By when the office will have passed a report on (`dispatch`) or answered it (`answer`), in which round.

    `calendar` is the version of the working calendar it was counted by, `basis` the paper it rests on, `why` what set it last.
    `stopped_at` is when it was kept or fell away. While it is paused, `due_at` says what it was when the pause began.
    """

    what: str
    round: int
    count_from: datetime
    due_at: datetime
    unit: str
    calendar: str
    basis: str
    why: Why
    paused_at: datetime | None = None
    stopped_at: datetime | None = None

    @property
    def runs(self) -> bool:
        """Is time running out?"""
        return self.stopped_at is None and self.paused_at is None

    def overdue(self, now: datetime) -> bool:
        """Has it been broken?"""
        return (self.stopped_at or self.paused_at or now) > self.due_at


def falls_due(start: datetime, limit: Limit, calendar: Calendar) -> datetime:
    """When what is promised at `start` falls due: so many hours later, or at closing time of so many working days later.

    The one place that counts. Hours are hours of the clock, because the desk is on duty day and night (domain.md B7); whoever wants
    office hours gives the limits a unit of their own and counts it here.
    """
    if limit.unit == "hours":
        return start + timedelta(hours=limit.amount)
    return due_at(start, limit.amount, calendar)


@lru_cache
def version_of(calendar: Calendar) -> str:
    """Names a calendar by what it says, so that a promise can be checked after the calendar has changed."""
    days = [str(calendar.years), *map(str, sorted(calendar.closed)), "worked", *map(str, sorted(calendar.worked))]
    return hashlib.sha256("\n".join(days).encode()).hexdigest()[:12]


class Terms(BaseModel, frozen=True):
    """What decides how long a report may take."""

    kind: str
    urgency: str
    received_at: datetime


def promised(what: str, terms: Terms, at: datetime, calendar: Calendar, *, why: Why, round_: int = 1) -> Promise:
    """A new promise, given at `at`. In the first round a complaint's is counted from the day it was received.

    Raises:
        NoLimitKnown, UnknownYear.
    """
    row = term(terms.kind, terms.urgency, what, _day(terms.received_at))
    start = terms.received_at if row.count_from == "received" and round_ == 1 else at
    limit = row.limit(works=calendar.works(_day(start)))
    return Promise(
        what=what,
        round=round_,
        count_from=start,
        due_at=falls_due(start, limit, calendar),
        unit=limit.unit,
        calendar=version_of(calendar),
        basis=row.basis,
        why=why,
    )


def paused(promise: Promise, at: datetime) -> Promise:
    """Its clock stands still from `at`."""
    return promise.model_copy(update={"paused_at": at}) if promise.runs else promise


def resumed(promise: Promise, at: datetime, calendar: Calendar) -> Promise:
    """Its clock runs again: what was left of it then is left of it now. What had been broken stays broken.

    Raises:
        UnknownYear.
    """
    if promise.paused_at is None:
        return promise
    left_at, update = promise.paused_at, {"paused_at": None, "why": "resumed"}
    if left_at >= promise.due_at:
        return promise.model_copy(update=update)
    if promise.unit == "hours":
        due = at + (promise.due_at - left_at)
    else:
        # Not before what was promised: a question asked and answered within the hour costs nobody a day.
        left = _working_days_between(left_at, promise.due_at, calendar)
        due = max(promise.due_at, due_at(at, left, calendar))
    return promise.model_copy(update={**update, "due_at": due, "calendar": version_of(calendar)})


def shortened(promise: Promise, terms: Terms, calendar: Calendar) -> Promise:
    """As the new terms have it, where that is sooner: whoever was promised Friday is not told Monday.

    Raises:
        NoLimitKnown, UnknownYear.
    """
    if promise.stopped_at is not None:
        return promise
    anew = promised(promise.what, terms, promise.count_from, calendar, why="reclassified", round_=promise.round)
    return anew.model_copy(update={"paused_at": promise.paused_at}) if anew.due_at < promise.due_at else promise


def on_entering(
    state: str, promises: Sequence[Promise], terms: Terms, at: datetime, calendar: Calendar, *, why: Why, round_: int
) -> list[Promise]:
    """The promises after a report has come into `state`: the table says which of them runs, pauses or has ended there.

    Raises:
        NoLimitKnown, UnknownYear.
    """
    entered, after = STATES[state], []
    for promise in promises:
        # A promise to pass on is kept by passing on; one to answer goes on until there is an answer.
        done = entered.promise != promise.what and (not entered.is_open or promise.what == DISPATCH)
        if promise.stopped_at is not None:
            after.append(promise)
        elif done:
            after.append(promise.model_copy(update={"stopped_at": at}))
        elif entered.promise == promise.what and entered.clock == "paused":
            after.append(paused(promise, at))
        else:
            after.append(resumed(promise, at, calendar))
    for what in (entered.promise, ANSWER if state == RECEIVED and _from_receipt(terms, at) else None):
        if what and not any(p.what == what and p.stopped_at is None for p in after):
            after.append(promised(what, terms, at, calendar, why=why, round_=round_))
    return after


def running(state: str, promises: Sequence[Promise]) -> Promise | None:
    """The promise whose clock decides in this state how urgent a report is."""
    what = STATES[state].promise
    return next((p for p in promises if p.what == what and p.runs), None)


def answer_at_the_latest(promises: Sequence[Promise], terms: Terms, calendar: Calendar) -> datetime | None:
    """When an answer is due if the report is passed on at the last moment: what the citizen is told before it has been.

    Raises:
        NoLimitKnown, UnknownYear.
    """
    dispatch = next((p for p in promises if p.what == DISPATCH and p.stopped_at is None), None)
    if dispatch is None or any(p.what == ANSWER and p.stopped_at is None for p in promises):
        return None
    return promised(ANSWER, terms, dispatch.due_at, calendar, why="dispatched", round_=dispatch.round).due_at


def _from_receipt(terms: Terms, at: datetime) -> bool:
    return term(terms.kind, terms.urgency, ANSWER, _day(at)).count_from == "received"


def _day(at: datetime) -> date:
    return at.astimezone(VIETNAM).date()


def _working_days_between(start: datetime, end: datetime, calendar: Calendar) -> int:
    day, last, count = _day(start), _day(end), 0
    while day < last:
        day += timedelta(days=1)
        count += calendar.works(day)
    return count
