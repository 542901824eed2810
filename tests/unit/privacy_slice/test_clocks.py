"""By when the law wants an answer, on the state's calendar."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.privacy import clocks
from kernel.clock import VIETNAM
from kernel.state_calendar import state_calendar

pytestmark = pytest.mark.proves("SEC-77")

CALENDAR = state_calendar(2028)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


MOMENTS = st.integers(0, 880 * 24).map(lambda hours: at("2025-01-01T00:00") + timedelta(hours=hours))


@pytest.mark.parametrize(
    ("asked", "acknowledged", "erased"),
    [
        pytest.param("2026-07-01T09:00", "2026-07-03T17:00", "2026-07-29T17:00", id="an ordinary month"),
        pytest.param("2026-02-13T09:00", "2026-02-24T17:00", "2026-03-20T17:00", id="Tet stops the clock"),
        pytest.param("2026-01-08T23:00", "2026-01-10T17:00", "2026-02-04T17:00", id="a Saturday that is worked counts"),
        pytest.param("2026-07-04T09:00", "2026-07-07T17:00", "2026-07-31T17:00", id="asked on a Saturday"),
    ],
)
def test_an_answer_is_due_in_2_working_days_and_the_erasure_in_20(asked: str, acknowledged: str, erased: str) -> None:
    assert clocks.acknowledge_by(at(asked), CALENDAR) == at(acknowledged)
    assert clocks.due_by("erasure", at(asked), CALENDAR) == at(erased)


def test_a_copy_is_due_in_10_working_days() -> None:
    assert clocks.provide_by(at("2026-07-01T09:00"), CALENDAR) == at("2026-07-15T17:00")


def test_the_extension_runs_on_from_the_due_date() -> None:
    assert clocks.extended("erasure", at("2026-07-29T17:00"), CALENDAR) == at("2026-08-25T17:00")


@given(asked=MOMENTS)
def test_the_waiting_period_never_makes_an_erasure_late(asked: datetime) -> None:
    due = clocks.due_by("erasure", asked, CALENDAR)
    for start in (asked, due - timedelta(hours=1)):
        assert start <= clocks.waits_until(start, due, CALENDAR) <= due


def test_a_waiting_period_that_begins_too_late_is_over_at_once() -> None:
    due = at("2026-07-29T17:00")
    assert clocks.waits_until(due + timedelta(days=9), due, CALENDAR) == due + timedelta(days=9)


def test_every_term_says_on_whose_word() -> None:
    assert all(term.basis for term in (clocks.ACKNOWLEDGE, clocks.PROVIDE, clocks.ERASE, clocks.EXTENSION, clocks.WAIT))
