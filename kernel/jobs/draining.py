"""The one loop behind every queue of ours: drain it, sleep until woken or a second has passed, drain it again.

The scan is the truth and the wake-up only saves waiting (I3). A database that does not answer is waited for, never given up on.
"""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from pymongo.errors import PyMongoError

from kernel.mongo.wakeup import Wakeup

log = structlog.get_logger(__name__)

SCAN_S = 1.0


async def keep_draining(
    drain: Callable[[asyncio.Event], Awaitable[int]], wakeup: Wakeup, stop: asyncio.Event, *, lanes: int, name: str
) -> None:
    """Call `drain` in `lanes` at once whenever there may be work, until `stop`; what is in hand is finished first (I8)."""
    async with asyncio.TaskGroup() as tasks:
        listening = tasks.create_task(wakeup.run())
        stopping = tasks.create_task(_ring_at(stop, wakeup))
        while not stop.is_set():
            try:
                await asyncio.gather(*(drain(stop) for _ in range(lanes)))
            except PyMongoError as error:
                log.warning("queue.database_unreachable", queue=name, error=type(error).__name__)
            await wakeup.wait(SCAN_S)
        listening.cancel()
        stopping.cancel()


async def _ring_at(stop: asyncio.Event, wakeup: Wakeup) -> None:
    await stop.wait()
    wakeup.ring()
