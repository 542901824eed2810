"""When to try again: jittered, doubling, bounded, never before the provider said."""

import random
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis.strategies import integers, none, timedeltas

from notifications.delivery.pacing import FIRST, LONGEST, pause


@pytest.mark.proves("I20", "I21")
@given(tries=integers(1, 1000), asked=none() | timedeltas(timedelta(), timedelta(days=2)), seed=integers())
def test_a_pause_is_within_bounds_and_never_shorter_than_asked(tries: int, asked: timedelta | None, seed: int) -> None:
    waited = pause(tries, asked, random.Random(seed))
    assert timedelta() <= waited <= max(LONGEST, asked or timedelta())
    assert waited >= (asked or timedelta())
    assert asked or waited <= FIRST * 2 ** min(tries - 1, 10)


@pytest.mark.proves("I21")
def test_the_jitter_is_full() -> None:
    rng = random.Random(1)
    waited = [pause(5, None, rng) / (FIRST * 16) for _ in range(500)]
    assert min(waited) < 0.05
    assert max(waited) > 0.95
