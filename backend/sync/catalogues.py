"""In which version the public catalogues are: a phone hears of another one with its next sync, and fetches that list anew."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

from kernel.clock import Clock

KIND = "catalogue"
KEPT_FOR = timedelta(seconds=30)
DIGEST_LENGTH = 8

Version = Callable[[], Awaitable[str]]


class Catalogues:
    """The versions by the catalogues' names, asked for at most twice a minute."""

    def __init__(self, versions: Mapping[str, Version], clock: Clock) -> None:
        self._ask, self._clock = dict(versions), clock
        self._known: dict[str, str] = {}
        self._known_at: datetime | None = None

    @property
    def names(self) -> list[str]:
        """Which catalogues there are."""
        return list(self._ask)

    async def versions(self) -> dict[str, str]:
        """The present version of each, opaque."""
        now = self._clock.now()
        if self._known_at is None or now - self._known_at > KEPT_FOR:
            self._known, self._known_at = {name: await ask() for name, ask in self._ask.items()}, now
        return self._known

    async def digest(self) -> str:
        """All versions in a few characters, for a token to remember."""
        told = "\x1f".join(f"{name}={version}" for name, version in sorted((await self.versions()).items()))
        return hashlib.sha256(told.encode()).hexdigest()[:DIGEST_LENGTH]
