"""Office hours on working days: the golden vectors of cases.md 1.2, and the algebra any clock of work has to obey."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis.strategies import dates, datetimes, integers, just, sets, timedeltas

from kernel.calendar import Calendar, Override, UnknownYear
from kernel.clock import VIETNAM
from kernel.state_calendar import state_calendar
from kernel.working_time import OfficeHours, WorkingTime


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


STATE = WorkingTime(state_calendar(2028))
HOUR = timedelta(hours=1)
instants = datetimes(at("2024-01-02").replace(tzinfo=None), at("2027-06-30").replace(tzinfo=None), timezones=just(VIETNAM))
works = timedeltas(timedelta(0), timedelta(hours=400))


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-05T08:00", 2, "2026-11-05T10:00"),
        ("2026-11-05T10:00", 2, "2026-11-05T14:00"),  # Over lunch.
        ("2026-11-05T11:30", 1, "2026-11-05T14:00"),  # Begun at lunch.
        ("2026-11-06T16:59", 1, "2026-11-09T07:59"),  # A Friday's last minute.
        ("2026-11-06T23:59:59", 1, "2026-11-09T08:00"),  # Outside office hours: the next session.
        ("2026-11-07T00:00", 8, "2026-11-09T17:00"),  # A whole day ends when the counter closes.
        ("2026-02-13T16:00", 2, "2026-02-23T08:00"),  # Tết lies between.
        ("2026-08-21T16:00", 2, "2026-08-22T08:00"),  # The Saturday that is worked.
        ("2026-11-05T08:00", 3, "2026-11-05T11:00"),  # To the end of a session, not the beginning of the next.
    ],
)
def test_hours_of_work_pass_only_while_the_office_works(start: str, hours: int, end: str) -> None:
    assert STATE.advance(at(start), hours * HOUR) == at(end)


@given(start=instants, first=works, then=works)
def test_work_done_in_two_parts_ends_when_it_would_in_one(start: datetime, first: timedelta, then: timedelta) -> None:
    assert STATE.advance(STATE.advance(start, first), then) == STATE.advance(start, first + then)


@given(start=instants, work=works)
def test_what_has_elapsed_is_what_was_advanced(start: datetime, work: timedelta) -> None:
    assert STATE.elapsed(start, STATE.advance(start, work)) == work


@given(one=instants, other=instants, work=works)
def test_who_begins_later_never_ends_earlier(one: datetime, other: datetime, work: timedelta) -> None:
    earlier, later = sorted((one, other))
    assert STATE.advance(earlier, work) <= max(STATE.advance(later, work), later)


@given(start=instants, closed=sets(dates(date(2024, 1, 1), date(2027, 12, 31)), max_size=20), work=works)
def test_closing_a_day_never_makes_an_end_earlier(start: datetime, closed: set[date], work: timedelta) -> None:
    stricter = WorkingTime(STATE.calendar.overridden(Override(day, works=False, document="storm") for day in closed))
    assert stricter.advance(start, work) >= STATE.advance(start, work)


@given(start=instants, seconds=integers(0, 10**6))
def test_an_office_that_never_closes_has_the_clock_on_the_wall(start: datetime, seconds: int) -> None:
    # The day's last microsecond cannot be written as a time of day, so it is not worked: at most one of them a day is lost.
    every_day = Calendar(range(2024, 2029), frozenset(), frozenset(date.fromordinal(n) for n in range(738_886, 740_347)))
    always = WorkingTime(every_day, OfficeHours(((time.min, time.max),)))
    work = timedelta(seconds=seconds)
    assert timedelta(0) <= always.advance(start, work) - (start + work) <= timedelta(microseconds=14)


def test_hours_that_overlap_are_refused() -> None:
    for sessions in ((), ((time(9), time(8)),), ((time(7), time(11)), (time(10), time(17)))):
        with pytest.raises(ValueError, match="office hours"):
            OfficeHours(sessions)


def test_a_year_nobody_knows_is_refused() -> None:
    with pytest.raises(UnknownYear):
        STATE.advance(at("2028-12-20T08:00"), 400 * HOUR)
    with pytest.raises(UnknownYear):
        STATE.elapsed(at("2023-12-20T08:00"), at("2024-03-01T08:00"))
