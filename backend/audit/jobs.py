"""Anchoring, for as long as the worker runs."""

import asyncio
from datetime import timedelta

import structlog

from backend.audit.actions.anchor import anchor
from backend.audit.documents import AuditTrail
from backend.audit.second_copy import SecondCopy
from kernel.clock import Clock

log = structlog.get_logger(__name__)

# What lies after the last anchor can be cut off unseen by whoever cuts the second copy, too.
ANCHORED_EVERY = timedelta(minutes=5)


async def keep_anchoring(
    trail: AuditTrail, clock: Clock, stop: asyncio.Event, copy: SecondCopy | None = None, *, every: timedelta = ANCHORED_EVERY
) -> None:
    """Anchor at once, every five minutes, and a last time when `stop` is set. Any number of workers may do so."""
    ending = False
    while not ending:
        ending = stop.is_set()
        try:
            if row := await anchor(trail, now=clock.now(), copy=copy):
                log.info("audit.anchored", anchor=row["seq"], chains=len(row["heads"]), hash=row["hash"])
        except Exception:
            # A bent anchor may break anything; the worker has other work to do, and the next round tries again.
            log.exception("audit.cannot_anchor")
        if not ending:
            await _for_a_while(stop, every)


async def _for_a_while(stop: asyncio.Event, span: timedelta) -> None:
    try:
        async with asyncio.timeout(span.total_seconds()):
            await stop.wait()
    except TimeoutError:
        return
