"""When to try again: full jitter, doubling, within bounds, never before the provider said (I20, I21)."""

import random
from datetime import timedelta

MAX_TRIES = 10
FIRST = timedelta(seconds=1)
LONGEST = timedelta(minutes=15)
# After an attempt without an answer the phone may well have it: give its receipt time to arrive (I10).
GRACE = timedelta(seconds=5)


def pause(tries: int, asked: timedelta | None, rng: random.Random) -> timedelta:
    """How long to wait after the n-th try; `asked` is the provider's Retry-After, below which we never go."""
    ceiling: timedelta = min(FIRST * 2 ** min(tries - 1, 20), LONGEST)
    jittered = ceiling * rng.random()
    return max(jittered, asked) if asked else jittered
