"""Stops asking what is known to fail: one breaker a platform, one for the project (I17, I25). Pure: time is an argument."""

from typing import Literal

State = Literal["closed", "open", "half_open"]

TRIPS_AFTER = 5
RESTS_S = 60.0


class Breaker:
    """Open after so many failures without a success between them; after a rest one push may look whether it is mended."""

    def __init__(self, *, trips_after: int = TRIPS_AFTER, rests_s: float = RESTS_S) -> None:
        self._trips_after, self._rests_s = trips_after, rests_s
        self._failures = 0
        self._opened_at: float | None = None
        self._probe_since: float | None = None

    def state(self, now_s: float) -> State:
        """Where it stands."""
        if self._opened_at is None:
            return "closed"
        return "half_open" if now_s - self._opened_at >= self._rests_s else "open"

    def lets_through(self, now_s: float) -> bool:
        """May a push leave? Half open it lets one through, and no other until that one has an answer, or none for a rest."""
        match self.state(now_s):
            case "closed":
                return True
            case "open":
                return False
            case "half_open":
                if self._probe_since is not None and now_s - self._probe_since < self._rests_s:
                    return False
                self._probe_since = now_s
                return True

    def rest_s(self, now_s: float) -> float:
        """How long it stays shut at the least."""
        if self._opened_at is None:
            return 0.0
        return max(self._opened_at + self._rests_s - now_s, 0.0)

    def succeeded(self) -> None:
        """Something got through."""
        self._failures, self._opened_at, self._probe_since = 0, None, None

    def failed(self, now_s: float) -> None:
        """It failed in the way this breaker is for."""
        self._failures += 1
        self._probe_since = None
        if self._opened_at is not None or self._failures >= self._trips_after:
            self._opened_at = now_s


class Strangers:
    """Addresses of another project: a stray one is retired, a row of them means that our credentials are of another project (I17).

    Nothing is retired unless the project has accepted something since the last so many strangers.
    """

    MANY = 3

    def __init__(self) -> None:
        self._in_a_row: int | None = None

    def accepted(self) -> None:
        """The project knows somebody, so the credentials are right."""
        self._in_a_row = 0

    def met(self) -> bool:
        """One more; may its address be retired?"""
        if self._in_a_row is None:
            return False
        self._in_a_row += 1
        return self._in_a_row <= self.MANY
