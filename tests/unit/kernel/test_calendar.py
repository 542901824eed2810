"""Working days: the golden vectors of domain.md E, and what must hold for any calendar."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis.strategies import dates, integers, sets

from kernel.calendar import Calendar, Override, UnknownYear, due_at
from kernel.clock import VIETNAM
from kernel.state_calendar import state_calendar

STATE = state_calendar(2028)
EVERY_WEEKDAY = Calendar(range(2024, 2031), frozenset(), frozenset())
days = dates(date(2024, 1, 1), date(2029, 12, 31))


@pytest.mark.parametrize(
    ("accepted", "count", "due"),
    [
        (date(2026, 8, 21), 5, date(2026, 8, 27)),  # Saturday 22 August is worked.
        (date(2026, 8, 28), 3, date(2026, 9, 7)),  # 31/8, 1/9 and 2/9 are off.
        (date(2026, 2, 12), 5, date(2026, 2, 26)),  # Tết.
        (date(2025, 12, 31), 2, date(2026, 1, 6)),  # The swap of 12729/VPCP-KGVX, which the library does not know.
        (date(2026, 1, 8), 2, date(2026, 1, 10)),  # Its other half: a Saturday that is worked.
        (date(2026, 11, 23), 1, date(2026, 11, 25)),  # Culture Day.
        (date(2025, 4, 25), 5, date(2025, 5, 6)),  # 26/4 worked, 30/4 to 2/5 off.
        (date(2026, 4, 24), 1, date(2026, 4, 28)),  # The Hùng Kings' Sunday moves to Monday.
    ],
)
def test_the_states_calendar_gives_the_promised_days(accepted: date, count: int, due: date) -> None:
    assert STATE.working_days_after(accepted, count) == due


@given(start=days, fewer=integers(0, 40), more=integers(0, 40))
def test_more_days_are_never_due_earlier(start: date, fewer: int, more: int) -> None:
    fewer, more = sorted((fewer, more))
    assert EVERY_WEEKDAY.working_days_after(start, fewer) <= EVERY_WEEKDAY.working_days_after(start, more)


@given(start=days, later=integers(0, 30), count=integers(0, 40))
def test_whoever_comes_later_is_never_served_earlier(start: date, later: int, count: int) -> None:
    assert EVERY_WEEKDAY.working_days_after(start, count) <= EVERY_WEEKDAY.working_days_after(start + timedelta(days=later), count)


@given(start=dates(date(2024, 1, 1), date(2027, 12, 31)), closed=sets(days, max_size=20), count=integers(1, 40))
def test_closing_a_day_never_makes_a_due_date_earlier(start: date, closed: set[date], count: int) -> None:
    stricter = EVERY_WEEKDAY.overridden(Override(day, works=False, document="storm") for day in closed)
    due = stricter.working_days_after(start, count)
    assert due >= EVERY_WEEKDAY.working_days_after(start, count)
    assert stricter.works(due)


@given(day=days, works=sets(integers(0, 1), min_size=1))
def test_the_last_word_on_a_day_wins(day: date, works: set[int]) -> None:
    told = [Override(day, works=bool(one), document="n") for one in works]
    assert EVERY_WEEKDAY.overridden(told).works(day) == told[-1].works


def test_a_year_nobody_has_announced_is_never_guessed() -> None:
    with pytest.raises(UnknownYear, match="2031"):
        EVERY_WEEKDAY.works(date(2031, 1, 1))
    with pytest.raises(UnknownYear):
        EVERY_WEEKDAY.working_days_after(date(2030, 12, 20), 30)


def test_a_promise_falls_due_when_the_counter_closes_in_vietnam() -> None:
    # 18:00 UTC on Thursday is Friday morning in Cà Mau, so the first day counted is Monday.
    due = due_at(datetime(2026, 6, 18, 18, tzinfo=UTC), 1, STATE)
    assert due == datetime(2026, 6, 22, 17, tzinfo=VIETNAM)
