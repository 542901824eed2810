"""When to try again: full jitter, doubling, within bounds, never before the provider said, never in a storm (I20, I21). Pure."""

import random
from datetime import timedelta

MAX_TRIES = 10
FIRST = timedelta(seconds=1)
LONGEST = timedelta(minutes=15)
# After an attempt without an answer the phone may well have it: give its receipt time to arrive (I10).
GRACE = timedelta(seconds=5)
# What only an operator mends is asked again once a minute.
OPERATOR_PAUSE = timedelta(seconds=60)


def pause(tries: int, asked: timedelta | None, rng: random.Random) -> timedelta:
    """How long to wait after the n-th try; `asked` is the provider's Retry-After, below which we never go."""
    ceiling: timedelta = min(FIRST * 2 ** min(tries - 1, 20), LONGEST)
    jittered = ceiling * rng.random()
    return max(jittered, asked) if asked else jittered


class RetryBudget:
    """How many repetitions may be on their way: what fails again stays within a tenth of what succeeds (I21).

    A repetition takes one out and a success puts a tenth in; one that succeeds also puts back what it took, so that after an outage
    the queue drains as quickly as it turns out to work, and while it does not work nobody hammers. A trickle keeps the question
    alive when nothing else is being sent.
    """

    SHARE = 0.1
    TRICKLE_PER_S = 1.0
    MOST = 1_000.0
    BEGINNING = 10.0

    def __init__(self, now_s: float) -> None:
        """`now_s` on any clock that only goes forward."""
        self._left, self._at = self.BEGINNING, now_s

    def allowed(self, now_s: float) -> int:
        """How many repetitions may begin now."""
        earned = max(now_s - self._at, 0.0) * self.TRICKLE_PER_S
        self._at = max(now_s, self._at)
        # The trickle alone never saves up a storm.
        if self._left < self.BEGINNING:
            self._left = min(self._left + earned, self.BEGINNING)
        return int(self._left)

    def begun(self, repetitions: int) -> None:
        """So many repetitions leave."""
        self._left -= repetitions

    def succeeded(self, *, repetition: bool) -> None:
        """One push was accepted."""
        self._left = min(self._left + self.SHARE + (1.0 if repetition else 0.0), self.MOST)

    def given_back(self) -> None:
        """A repetition was not needed after all."""
        self._left = min(self._left + 1.0, self.MOST)
