"""What the worker does for this room: forgets old tombstones, once an hour."""

import asyncio
from contextlib import suppress

import structlog
from pymongo.errors import PyMongoError

from backend.sync.actions.prune import prune
from kernel.clock import Clock
from kernel.mongo.client import Database

log = structlog.get_logger(__name__)

EVERY_S = 3600.0


async def keep_pruning(db: Database, clock: Clock, stop: asyncio.Event) -> None:
    """Prune until `stop` is set. Several workers may do it at once: each statement decides for itself."""
    while not stop.is_set():
        try:
            if pruned := await prune(db, now=clock.now()):
                log.info("sync.pruned", feeds=pruned)
        except PyMongoError as error:
            log.warning("sync.cannot_prune", error=type(error).__name__)
        with suppress(TimeoutError):
            async with asyncio.timeout(EVERY_S):
                await stop.wait()
