"""What the worker does for this room: reminds offices of their dossiers, and drafts apologies."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from backend.dossiers.actions.remind import remind_next
from kernel.calendar import Calendar
from kernel.clock import Clock

log = structlog.get_logger(__name__)

LOOK_EVERY = timedelta(seconds=30)


async def keep_reminding(
    clock: Clock, calendar: Callable[[datetime], Calendar], stop: asyncio.Event, *, every: timedelta = LOOK_EVERY
) -> None:
    """Look until `stop` is set. Any number of workers may: each look is leased."""
    while not stop.is_set():
        now = clock.now()
        try:
            while not stop.is_set() and await remind_next(now, calendar(now)):
                pass
        except Exception:
            # The next look tries again; the worker has other work to do.
            log.exception("dossier.reminding_failed")
        await _for_a_while(stop, every)


async def _for_a_while(stop: asyncio.Event, span: timedelta) -> None:
    try:
        async with asyncio.timeout(span.total_seconds()):
            await stop.wait()
    except TimeoutError:
        return
