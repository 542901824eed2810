"""Which channels take something now: one whose provider asks for a pause, or refuses all of us, is left alone for a while."""

import time
from collections.abc import Callable, Collection
from datetime import timedelta

from notifications.channels.port import Busy, Outcome, Retry
from notifications.delivery.breaker import Breaker
from notifications.ways import ChannelName


class Doors:
    """What one sender of texts has learned of its channels."""

    def __init__(self, channels: Collection[ChannelName], monotonic: Callable[[], float] = time.monotonic) -> None:
        self._breakers = {name: Breaker() for name in channels}
        self._rests_until = dict.fromkeys(channels, 0.0)
        self._monotonic = monotonic

    def shut_for(self, channel: ChannelName) -> timedelta:
        """How long nothing goes through; zero where something may."""
        now_s = self._monotonic()
        if (rest_s := self._rests_until[channel] - now_s) > 0:
            return timedelta(seconds=rest_s)
        breaker = self._breakers[channel]
        return timedelta() if breaker.lets_through(now_s) else timedelta(seconds=max(breaker.rest_s(now_s), 1.0))

    def heard(self, channel: ChannelName, outcome: Outcome) -> None:
        """Learn from an outcome. What concerns one message only says that the channel works."""
        now_s = self._monotonic()
        match outcome:
            case Busy(_, after):
                self._rests_until[channel] = max(self._rests_until[channel], now_s + after.total_seconds())
            case Retry(scope="project" | "platform"):
                self._breakers[channel].failed(now_s)
            case _:
                self._breakers[channel].succeeded()
