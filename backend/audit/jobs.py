"""What the worker does for the trail: anchors it, and hands on what is written, for as long as it runs."""

import asyncio
from datetime import timedelta

import structlog

from backend.audit.actions.anchor import anchor
from backend.audit.actions.follow import BookmarkMoved, HandOn, follow
from backend.audit.documents import AuditTrail
from backend.audit.second_copy import SecondCopy
from kernel.clock import Clock
from kernel.mongo.client import Database

log = structlog.get_logger(__name__)

# What lies after the last anchor can be cut off unseen by whoever cuts the second copy, too.
ANCHORED_EVERY = timedelta(minutes=5)
FOLLOWED_EVERY = timedelta(seconds=5)


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


async def keep_following(
    trail: AuditTrail, db: Database, reader: str, hand_on: HandOn, stop: asyncio.Event, *, every: timedelta = FOLLOWED_EVERY
) -> None:
    """Hand on what is new, at once and every few seconds, and a last time when `stop` is set.

    Whoever it is handed to may be away for as long as they like: it goes on where it was.
    """
    ending = False
    while not ending:
        ending = stop.is_set()
        try:
            if many := await follow(trail, db, reader, hand_on):
                log.info("audit.handed_on", reader=reader, rows=many)
        except BookmarkMoved:
            log.debug("audit.followed_elsewhere", reader=reader)
        except Exception as trouble:  # noqa: BLE001 - whatever it was, the trail still has it, and the next round tries again
            log.warning("audit.cannot_hand_on", reader=reader, error=type(trouble).__name__)
        if not ending:
            await _for_a_while(stop, every)


async def _for_a_while(stop: asyncio.Event, span: timedelta) -> None:
    try:
        async with asyncio.timeout(span.total_seconds()):
            await stop.wait()
    except TimeoutError:
        return
