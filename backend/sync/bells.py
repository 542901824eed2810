"""Who waits for news in this process, and what wakes them: one change stream for all, and a look at the numbers every second.

The stream only shortens the wait, and nobody believes it (I3): a bell says "look", and looking is what finds the change. While
nobody waits, there is neither stream nor look.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import structlog
from pymongo.errors import PyMongoError

from backend.sync.documents import Feed
from backend.sync.errors import TooManyStreams
from backend.sync.queries import FeedReads
from kernel.mongo.client import Database

log = structlog.get_logger(__name__)

MOST_EACH = 5
LOOK_EVERY_S = 1.0
ASKED_AT_ONCE = 1_000
RECONNECT_S = 1.0


class Bell:
    """One waiter's. `seen` is the number of the last change the waiter has looked at, `over` that they are to wait no more."""

    def __init__(self) -> None:
        self.seen, self.over = 0, False
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Wake the waiter."""
        self._rung.set()

    def end(self) -> None:
        """Wake the waiter for the last time. Said beside a cancellation, which the driver now and then swallows."""
        self.over = True
        self.ring()

    async def wait(self, timeout_s: float) -> bool:
        """Sleep until it rings, at most so long; did it ring?"""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                await self._rung.wait()
        rang = self._rung.is_set()
        self._rung.clear()
        return rang


class Bells:
    """The bells of one process."""

    def __init__(self, db: Database, reads: FeedReads) -> None:
        self._feeds, self._reads = db[Feed.Settings.name], reads
        self._bells: defaultdict[str, set[Bell]] = defaultdict(set)
        self._tasks: list[asyncio.Task[None]] = []
        self.closed = False

    @property
    def waiting(self) -> int:
        """How many wait."""
        return sum(map(len, self._bells.values()))

    @contextmanager
    def hung(self, citizen: str) -> Iterator[Bell]:
        """A bell of this citizen's, for as long as they wait.

        Raises:
            TooManyStreams: they wait five times in this process already.
        """
        if len(self._bells[citizen]) >= MOST_EACH:
            raise TooManyStreams
        bell = Bell()
        bell.over = self.closed
        self._bells[citizen].add(bell)
        self._watch()
        try:
            yield bell
        finally:
            self._bells[citizen].discard(bell)
            if not self._bells[citizen]:
                del self._bells[citizen]

    def close(self) -> None:
        """The process stops: wake everybody, so that they go home."""
        self.closed = True
        for bells in self._bells.values():
            for bell in bells:
                bell.end()

    async def stop(self) -> None:
        """Close, and let go of the stream."""
        self.close()
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=RECONNECT_S)
        self._tasks.clear()

    def _watch(self) -> None:
        if not self._tasks:
            self._tasks = [
                asyncio.create_task(self._follow(), name="sync stream"),
                asyncio.create_task(self._look(), name="sync look"),
            ]

    def _ring(self, citizen: str) -> None:
        for bell in self._bells.get(citizen, ()):
            bell.ring()

    async def _follow(self) -> None:
        """The change stream, for ever: lost, it is opened anew."""
        changed: list[dict[str, Any]] = [
            {"$match": {"operationType": {"$in": ["insert", "update", "replace"]}}},
            {"$project": {"documentKey": 1}},
        ]
        while not self.closed:
            try:
                async with await self._feeds.watch(changed) as stream:
                    async for change in stream:
                        self._ring(change["documentKey"]["_id"])
            except PyMongoError as error:
                log.warning("sync.stream_lost", error=type(error).__name__)
                await asyncio.sleep(RECONNECT_S)

    async def _look(self) -> None:
        """The numbers, every second: whoever has not seen the last one is woken."""
        while not self.closed:
            await asyncio.sleep(LOOK_EVERY_S)
            try:
                await self.look()
            except PyMongoError as error:
                log.warning("sync.cannot_look", error=type(error).__name__)

    async def look(self) -> None:
        """Wake everybody whose feed has a number they have not seen."""
        citizens = list(self._bells)
        for start in range(0, len(citizens), ASKED_AT_ONCE):
            numbers = await self._reads.numbers(citizens[start : start + ASKED_AT_ONCE])
            for citizen, number in numbers.items():
                for bell in self._bells.get(citizen, ()):
                    if bell.seen != number:
                        bell.ring()
