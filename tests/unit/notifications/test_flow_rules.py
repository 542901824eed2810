"""The pure rules of flow: whose turn it is, how much may be repeated, when to stop asking."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.delivery.breaker import RESTS_S, TRIPS_AFTER, Breaker, Strangers
from notifications.delivery.pacing import RetryBudget
from notifications.lanes import GONE_AFTER, LANES, STALE_AFTER, WEIGHTS, Turns, lane_of

NOW = datetime(2026, 7, 1, 8, tzinfo=UTC)


@pytest.mark.proves("I22")
@given(st.integers(0, 200))
def test_in_any_fifteen_claims_each_lane_has_its_weight(start: int) -> None:
    turns = Turns()
    first = [turns.order()[0] for _ in range(start + 15)]
    assert Counter(first[start:]) == dict(WEIGHTS)


@pytest.mark.proves("I22")
def test_an_empty_lane_gives_its_turn_to_the_most_urgent() -> None:
    turns = Turns()
    for _ in range(30):
        order = turns.order()
        assert sorted(order) == sorted(LANES)
        assert order[1:] == [lane for lane in LANES if lane != order[0]]


@pytest.mark.proves("I18")
@given(st.booleans(), st.timedeltas(timedelta(), GONE_AFTER))
def test_a_phone_not_heard_of_for_a_month_is_one_step_less_in_a_hurry(urgent: bool, age: timedelta) -> None:
    lane = lane_of(urgent=urgent, refreshed_at=NOW - age, now=NOW)
    usual = "urgent" if urgent else "normal"
    assert (lane == usual) == (age <= STALE_AFTER)
    assert LANES.index(lane) - LANES.index(usual) == (age > STALE_AFTER)


HAPPENINGS = ["first succeeds", "repetition fails", "repetition succeeds", "first fails"]


@pytest.mark.proves("I21")
@given(st.lists(st.tuples(st.sampled_from(HAPPENINGS), st.integers(1, 60)), max_size=30))
def test_what_fails_again_stays_within_a_tenth_of_what_succeeds(happened: list[tuple[str, int]]) -> None:
    budget, failed, succeeded = RetryBudget(0.0), 0, 0
    for what in (what for what, times in happened for _ in range(times)):
        if what.startswith("repetition"):
            if budget.allowed(0.0) < 1:
                continue
            budget.begun(1)
        if what.endswith("succeeds"):
            succeeded += 1
            budget.succeeded(repetition=what.startswith("repetition"))
        elif what == "repetition fails":
            failed += 1
    assert failed <= RetryBudget.BEGINNING + RetryBudget.SHARE * succeeded + 1e-6


@pytest.mark.proves("I21")
def test_while_nothing_works_the_question_is_asked_once_a_second() -> None:
    budget = RetryBudget(0.0)
    budget.begun(budget.allowed(0.0))
    asked = 0
    for second in range(600):
        now = budget.allowed(second + 1.0)
        budget.begun(now)
        asked += now
    assert asked <= 600
    assert asked >= 595


def test_after_an_outage_the_queue_drains_as_fast_as_it_turns_out_to_work() -> None:
    budget, left, rounds = RetryBudget(0.0), 100_000, 0
    while left > 0:
        now = min(budget.allowed(0.0), left)
        budget.begun(now)
        for _ in range(now):
            budget.succeeded(repetition=True)
        left, rounds = left - now, rounds + 1
    assert rounds < 200


@pytest.mark.proves("I25")
def test_a_breaker_opens_rests_lets_one_look_and_closes() -> None:
    breaker = Breaker()
    for _ in range(TRIPS_AFTER - 1):
        breaker.failed(0.0)
    assert breaker.lets_through(0.0)
    breaker.failed(0.0)
    assert not breaker.lets_through(RESTS_S - 1)
    assert [breaker.lets_through(RESTS_S) for _ in range(3)] == [True, False, False]
    breaker.failed(RESTS_S)
    assert not breaker.lets_through(RESTS_S + 1)
    assert breaker.lets_through(2 * RESTS_S)
    breaker.succeeded()
    assert breaker.state(2 * RESTS_S) == "closed"
    assert breaker.lets_through(2 * RESTS_S)


def test_a_look_that_never_came_back_is_followed_by_another() -> None:
    breaker = Breaker(trips_after=1)
    breaker.failed(0.0)
    assert breaker.lets_through(RESTS_S)
    assert not breaker.lets_through(RESTS_S + 1)
    assert breaker.lets_through(2 * RESTS_S)


@pytest.mark.proves("I17")
@given(st.lists(st.booleans(), max_size=60))
def test_strangers_are_retired_only_while_the_project_is_known_to_be_ours(accepted: list[bool]) -> None:
    strangers, row, known = Strangers(), 0, False
    for success in accepted:
        if success:
            strangers.accepted()
            row, known = 0, True
        else:
            row += 1
            assert strangers.met() == (known and row <= Strangers.MANY)
