"""Finished deliveries become a few numbers on their notice, and go: who was sent what where is kept no longer than of use (I34)."""

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import structlog
from pymongo import UpdateOne
from pymongo.errors import PyMongoError

from kernel.clock import Clock
from notifications.documents import Delivery, InboxItem

# As long as a late receipt or an operator's question is likely; then the database's TTL index takes them.
AFTER = timedelta(days=7)
MOST_AT_ONCE = 500
EVERY_S = 3_600.0

log = structlog.get_logger(__name__)


async def fold(now: datetime) -> int:
    """Fold the notices whose deliveries have all been finished for a week; answers how many. May be repeated and interrupted."""
    deliveries = Delivery.get_pymongo_collection()
    ripe = {"finished_at": {"$lte": now - AFTER}, "folded_at": {"$exists": False}}
    found = deliveries.find(ripe, {"notice": 1}).limit(MOST_AT_ONCE)
    notices = list({row["notice"] async for row in found})
    if not notices:
        return 0
    # Set, not added: whoever is interrupted between the two writes and begins again counts the same.
    await InboxItem.get_pymongo_collection().bulk_write(
        [UpdateOne({"_id": notice}, {"$set": {"summary": counts}}) for notice, counts in (await _counted(notices)).items()]
    )
    await deliveries.update_many({"notice": {"$in": notices}, **ripe}, {"$set": {"folded_at": now}})
    return len(notices)


async def keep_folding(clock: Clock, stop: asyncio.Event) -> None:
    """Fold once an hour until `stop`; several workers may."""
    while not stop.is_set():
        try:
            while not stop.is_set() and await fold(clock.now()):
                pass
        except PyMongoError as error:
            log.warning("fold.database_unreachable", error=type(error).__name__)
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), EVERY_S)


async def _counted(notices: list[str]) -> dict[str, dict[str, int]]:
    seen = {"$cond": [{"$gt": ["$seen.level", 0]}, 1, 0]}
    group: dict[str, Any] = {"_id": {"notice": "$notice", "state": "$state"}, "count": {"$sum": 1}, "seen": {"$sum": seen}}
    found = await Delivery.get_pymongo_collection().aggregate([{"$match": {"notice": {"$in": notices}}}, {"$group": group}])
    counts: dict[str, dict[str, int]] = {notice: {"seen": 0} for notice in notices}
    async for row in found:
        counts[row["_id"]["notice"]][row["_id"]["state"]] = row["count"]
        counts[row["_id"]["notice"]]["seen"] += row["seen"]
    return counts
