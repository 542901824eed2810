"""An alarm clock for whoever waits for work: a change stream rings it, and nobody believes it.

The stream only shortens the wait. Work is found by looking (the scan), so a lost stream, an expired resume token or a failover
costs at most one waiting period and loses nothing (I3).
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

import structlog
from pymongo.errors import PyMongoError

from kernel.mongo.client import Database

log = structlog.get_logger(__name__)

RECONNECT_S = 1.0


class Wakeup:
    """Rings when one of `collections` gets a new document or a new version."""

    def __init__(self, db: Database, collections: Sequence[str]) -> None:
        self._db, self._collections = db, list(collections)
        self._bell = asyncio.Event()

    async def run(self) -> None:
        """Follow the change stream until cancelled."""
        # Only a new document or a new version is news: a lease or an acknowledgement touches neither.
        news = {"$or": [{"operationType": "insert"}, {"updateDescription.updatedFields.version": {"$exists": True}}]}
        watched = {"$match": {"ns.coll": {"$in": self._collections}, **news}}
        while True:
            try:
                async with await self._db.watch([watched, {"$project": {"_id": 1}}]) as stream:
                    self.ring()
                    async for _ in stream:
                        self.ring()
            except PyMongoError as error:
                log.warning("wakeup.stream_lost", error=type(error).__name__)
                await asyncio.sleep(RECONNECT_S)

    def ring(self) -> None:
        """Wake the sleeper."""
        self._bell.set()

    async def wait(self, timeout_s: float) -> None:
        """Sleep until the bell rings, at most `timeout_s`."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                await self._bell.wait()
        self._bell.clear()
