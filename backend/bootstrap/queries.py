"""What this process knows of the app's state: read every two seconds, so that a change is effective everywhere at once."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import Any

import structlog
from pymongo.errors import PyMongoError

from backend.bootstrap.documents import Platform, Told, told
from kernel.clock import Clock
from kernel.http.app_version import Floor, Service, parse_version

log = structlog.get_logger(__name__)

WATCH_EVERY = timedelta(seconds=2)
# A catalogue changes with an import: asking for its version costs a read, so it is asked for less often.
CATALOGUES_EVERY = 15


@dataclass(frozen=True)
class Catalogue:
    """A list an app may keep, and how its version is found."""

    name: str
    href: str
    version: Callable[[], Awaitable[str]]


@dataclass(frozen=True)
class Provider:
    """An account people sign in with."""

    id: str
    name: str
    kind: str


class Bootstrap:
    """The app's state as this process last read it."""

    def __init__(self, clock: Clock, *, providers: Sequence[Provider], catalogues: Sequence[Catalogue]) -> None:
        self._clock, self._catalogues, self.providers = clock, catalogues, tuple(providers)
        self.state = Told()
        self.versions: dict[str, str] = {}
        self._floors: Mapping[str, Floor] = {}
        self._watching: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Read it, and go on watching."""
        with suppress(PyMongoError):
            await self.refresh(catalogues=True)
        self._watching = asyncio.create_task(self._watch(), name="app state watch")

    async def stop(self) -> None:
        """End the watch."""
        if self._watching:
            self._watching.cancel()
            with suppress(asyncio.CancelledError):
                await self._watching

    async def refresh(self, *, catalogues: bool = False) -> None:
        """Read it now."""
        self.state = await told()
        self._floors = _floors({"ios": self.state.ios, "android": self.state.android})
        if catalogues:
            self.versions = {catalogue.name: await catalogue.version() for catalogue in self._catalogues}

    def catalogues(self) -> list[tuple[Catalogue, str]]:
        """Each with its version."""
        return [(catalogue, self.versions.get(catalogue.name, "")) for catalogue in self._catalogues]

    def closed(self) -> bool:
        """Is the system being worked on at this moment?"""
        return self.state.maintenance is not None and self.state.maintenance.until > self._clock.now()

    def service(self) -> Service:
        """Who is served at the moment."""
        if self.state.maintenance is None or not self.closed():
            return Service(self._floors)
        left = self.state.maintenance.until - self._clock.now()
        return Service(self._floors, ceil(left.total_seconds()))

    async def _watch(self) -> None:
        turn = 0
        while True:
            await asyncio.sleep(WATCH_EVERY.total_seconds())
            turn += 1
            try:
                await self.refresh(catalogues=turn % CATALOGUES_EVERY == 0)
            except Exception as error:  # noqa: BLE001 - a watch that ends with its first trouble would keep a maintenance for ever
                log.warning("bootstrap.watch_failed", error=type(error).__name__)


def _floors(platforms: Mapping[str, Platform]) -> dict[str, Floor]:
    read: dict[str, Any] = {name: parse_version(platform.minimum) for name, platform in platforms.items()}
    return {name: Floor(version, platforms[name].store_url) for name, version in read.items() if version}
