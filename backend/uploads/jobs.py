"""What the worker does for uploads: checks what was left unchecked, and clears away what is over."""

import asyncio
from datetime import timedelta

from backend.uploads.actions.check import Checking, check_next
from backend.uploads.actions.clear import expire
from backend.uploads.documents import Upload
from kernel.jobs.draining import keep_draining
from kernel.mongo.client import Database
from kernel.mongo.wakeup import Wakeup

LOOK_FOR_EXPIRED_EVERY = timedelta(minutes=1)


async def keep_upload_jobs(db: Database, checking: Checking, stop: asyncio.Event) -> None:
    """Work until `stop` is set. Any number of workers may."""
    wakeup = Wakeup(db, [Upload.Settings.name])
    next_look = 0.0

    async def drain(stop: asyncio.Event) -> int:
        nonlocal next_look
        done = 0
        while not stop.is_set() and await check_next(checking):
            done += 1
        if asyncio.get_running_loop().time() >= next_look:
            done += await expire(checking.clock.now(), files=checking.files, segments=checking.segments)
            next_look = asyncio.get_running_loop().time() + LOOK_FOR_EXPIRED_EVERY.total_seconds()
        return done

    await keep_draining(drain, wakeup, stop, lanes=1, name="uploads")
