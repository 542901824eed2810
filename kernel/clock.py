"""Time is aware, UTC inside and Asia/Ho_Chi_Minh at the edge; rules get it as an argument and never ask."""

from datetime import UTC, datetime, timedelta
from typing import Protocol, runtime_checkable
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


@runtime_checkable
class Clock(Protocol):
    """Whoever may ask what time it is."""

    def now(self) -> datetime:
        """The present instant, aware, UTC, whole milliseconds (what BSON keeps)."""
        ...


def to_millis(instant: datetime) -> datetime:
    """UTC, cut to whole milliseconds: what MongoDB gives back is what was put in."""
    instant = instant.astimezone(UTC)
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return to_millis(datetime.now(UTC))


class TestClock:
    """A clock that moves only when told to."""

    __test__ = False

    def __init__(self, start: datetime) -> None:
        self._now = to_millis(start)

    def now(self) -> datetime:
        return self._now

    def advance(self, step: timedelta) -> None:
        """Let `step` pass."""
        self._now += step
