"""Four lanes of pushes, so that who is urgent never queues behind a hundred thousand who are not (I22). Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, Literal, get_args

Lane = Literal["urgent", "normal", "broadcast", "retry", "fallback"]
# What comes instead of a push is another sender's, which takes this lane and no other (ADR 0035).
FALLBACK: Final[Lane] = "fallback"
LANES: Final[tuple[Lane, ...]] = tuple(lane for lane in get_args(Lane) if lane != FALLBACK)

# Of fifteen claims while everything is full. An empty lane's turns go to the next in LANES, so nothing is ever reserved in vain.
WEIGHTS: Final[Mapping[Lane, int]] = {"urgent": 8, "normal": 4, "broadcast": 2, "retry": 1}

# FCM's own advice: after a month without a connection a registration is stale, after 270 days Firebase has dropped it.
STALE_AFTER = timedelta(days=30)
GONE_AFTER = timedelta(days=270)


def lane_of(*, urgent: bool, refreshed_at: datetime, now: datetime) -> Lane:
    """Where a push begins; to a phone that has not been heard of for a month it is one step less in a hurry (I18)."""
    fresh: Lane = "urgent" if urgent else "normal"
    later: Lane = "normal" if urgent else "broadcast"
    return fresh if now - refreshed_at <= STALE_AFTER else later


class Turns:
    """Whose turn it is: smooth weighted round robin, so that no lane waits longer than its weight says."""

    def __init__(self) -> None:
        self._credit = dict.fromkeys(LANES, 0)

    def order(self) -> list[Lane]:
        """The lane whose turn it is, then the others, most urgent first, in case it is empty."""
        for lane in LANES:
            self._credit[lane] += WEIGHTS[lane]
        first = max(LANES, key=lambda lane: self._credit[lane])
        self._credit[first] -= sum(WEIGHTS.values())
        return [first, *(lane for lane in LANES if lane != first)]
