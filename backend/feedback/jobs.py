"""What the worker does for this room: ends time-outs, and puts what is late before the leader."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from backend.feedback.actions.clock import end_time_outs, escalate_late
from backend.feedback.actions.steps import Circumstances
from kernel.calendar import Calendar
from kernel.clock import Clock

log = structlog.get_logger(__name__)

# The shortest promise is two hours; half a minute is nothing to it.
LOOK_EVERY = timedelta(seconds=30)


async def look_at_the_clock(now: datetime, calendar: Calendar) -> int:
    """Do what the clock has to do; answers how many reports it moved or put before a leader."""
    given = Circumstances(now, calendar)
    return await end_time_outs(given) + await escalate_late(given)


async def keep_feedback_clocks(
    clock: Clock, calendar: Callable[[datetime], Calendar], stop: asyncio.Event, *, every: timedelta = LOOK_EVERY
) -> None:
    """Look until `stop` is set. Any number of workers may: a report that another one moved is left alone."""
    while not stop.is_set():
        now = clock.now()
        try:
            if done := await look_at_the_clock(now, calendar(now)):
                log.info("feedback.clock", done=done)
        except Exception:
            # The next look tries again; the worker has other work to do.
            log.exception("feedback.clock_failed")
        await _for_a_while(stop, every)


async def _for_a_while(stop: asyncio.Event, span: timedelta) -> None:
    try:
        async with asyncio.timeout(span.total_seconds()):
            await stop.wait()
    except TimeoutError:
        return
