"""The port through which auth learns what a member of staff may do; `backend/agencies` implements it.

A provider only says whose mailbox somebody has. What that person may do here is ours to say, and changes act at once
(SEC-17, SEC-47).
"""

from datetime import datetime
from typing import Protocol

import msgspec

from auth.lifetimes import DIRECTORY_CACHE
from kernel.clock import Clock


class StaffGrant(msgspec.Struct, frozen=True, kw_only=True):
    """What the directory says of one member of staff."""

    name: str
    roles: frozenset[str] = frozenset()
    agencies: frozenset[str] = frozenset()
    posts: frozenset[tuple[str, str]] = frozenset()
    """(agency, role), where the roles are not the same at all agencies."""
    active: bool = True


class StaffDirectory(Protocol):
    """Whoever knows the staff."""

    async def find(self, email: str) -> StaffGrant | None:
        """The grant of this official address (lower case); None when the directory does not know it."""
        ...


class CachedDirectory:
    """The directory, asked at most every five seconds for the same person."""

    MAX_ENTRIES = 10_000

    def __init__(self, directory: StaffDirectory, clock: Clock) -> None:
        self._directory, self._clock = directory, clock
        self._known: dict[str, tuple[datetime, StaffGrant | None]] = {}

    async def active_grant(self, email: str) -> StaffGrant | None:
        """The grant of somebody who works here today; None for everybody else."""
        now = self._clock.now()
        asked_at, grant = self._known.get(email, (None, None))
        if asked_at is None or not now - DIRECTORY_CACHE < asked_at <= now:
            if len(self._known) >= self.MAX_ENTRIES:
                self._known.clear()
            grant = await self._directory.find(email)
            self._known[email] = (now, grant)
        return grant if grant and grant.active else None
