"""Writes outcomes down in bulk: while one bulk is on its way the next gathers, so that a busy worker writes few and large ones."""

import asyncio

import structlog
from pymongo.errors import PyMongoError

from notifications.delivery import queue
from notifications.delivery.queue import Verdict

log = structlog.get_logger(__name__)

MOST_AT_ONCE = 500
# A lease lasts longer than this many tries, and after it somebody else decides.
TRIES = 40
PAUSE_S = 0.5


class Recorder:
    """What one sender has to write down."""

    def __init__(self) -> None:
        self._waiting: list[Verdict] = []
        self._writing: asyncio.Task[None] | None = None

    def put(self, verdict: Verdict) -> None:
        """Write this, soon."""
        self._waiting.append(verdict)
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())

    @property
    def idle(self) -> bool:
        """Whether everything has been written."""
        return self._writing is None or self._writing.done()

    async def settled(self) -> None:
        """Until everything has been written."""
        while self._writing and not self._writing.done():
            await asyncio.wait({self._writing})

    async def _write(self) -> None:
        while self._waiting:
            bulk, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
            await self._write_bulk(bulk)

    async def _write_bulk(self, bulk: list[Verdict]) -> None:
        for _ in range(TRIES):
            try:
                for delivery in await queue.record(bulk):
                    # Late evidence: somebody else has the lease now and will decide (I6).
                    log.warning("sender.lease_lost", delivery=delivery)
            except PyMongoError as error:
                # Written again is written once: what has matched before does not match any more.
                log.warning("recorder.database_unreachable", error=type(error).__name__, waiting=len(bulk))
                await asyncio.sleep(PAUSE_S)
            else:
                return
