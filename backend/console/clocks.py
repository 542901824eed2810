"""What a clock says: how long there still is, or since when a promise is broken, in the two units that matter."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.console.wording import words
from kernel.clock import VIETNAM

SOON = timedelta(hours=4)
# From so many days on nobody counts hours.
MANY = 10
_UNITS = (("day", timedelta(days=1)), ("hour", timedelta(hours=1)), ("minute", timedelta(minutes=1)))


@dataclass(frozen=True)
class Clock:
    """`mood` is how it looks: late, soon, calm, paused or none."""

    mood: str
    text: str


def clock_of(due_at: str | None, now: datetime, language: str, *, paused: bool = False) -> Clock:
    """The clock of a promise that falls due at this time (RFC 3339), at this moment."""
    if paused:
        return Clock("paused", words("clock.paused", language))
    if due_at is None:
        return Clock("none", words("clock.none", language))
    left = datetime.fromisoformat(due_at) - now
    if left < timedelta(0):
        return Clock("late", words("clock.late", language, time=length(-left, language)))
    return Clock("soon" if left < SOON else "calm", words("clock.left", language, time=length(left, language)))


def length(span: timedelta, language: str) -> str:
    """`2 ngày 3 giờ`: the largest unit that fits, and the one below it."""
    for at, (unit, size) in enumerate(_UNITS):
        if span >= size:
            many, rest = divmod(span, size)
            said = [_counted(unit, many, language)]
            if at + 1 < len(_UNITS) and many < MANY and (few := rest // _UNITS[at + 1][1]):
                said.append(_counted(_UNITS[at + 1][0], few, language))
            return " ".join(said)
    return words("time.moment", language)


def moment(at: str, language: str) -> str:
    """A time as it is read in Vietnam."""
    there = datetime.fromisoformat(at).astimezone(VIETNAM)
    return f"{there:%H:%M}, {there:%d/%m/%Y}" if language == "vi" else f"{there.day} {there:%b %Y}, {there:%H:%M}"


def _counted(unit: str, many: int, language: str) -> str:
    return words(f"time.{unit}" if many == 1 else f"time.{unit}s", language, many=many)
