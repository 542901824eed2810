"""Forget what has been gone for ninety days. Who comes with an older token than what was forgotten has to begin anew (410)."""

from datetime import datetime, timedelta
from typing import Any

from backend.sync.documents import Feed
from kernel.mongo.client import Database

TOMBSTONES_KEPT = timedelta(days=90)
AT_ONCE = 500


async def prune(db: Database, *, now: datetime) -> int:
    """Prune every feed that has something to forget; answers how many feeds. Broken off, it goes on where it was."""
    feeds, before, pruned = db[Feed.Settings.name], now - TOMBSTONES_KEPT, 0
    overdue = {"oldest_gone": {"$lt": before}}
    while some := [row["_id"] async for row in feeds.find(overdue, {"_id": 1}).limit(AT_ONCE)]:
        await feeds.update_many({"_id": {"$in": some}, **overdue}, _forgetting(before))
        pruned += len(some)
    return pruned


def _forgetting(before: datetime) -> list[dict[str, Any]]:
    """One statement a feed: what is forgotten and how far the floor rises are never seen apart."""
    has_gone = {"$ne": [{"$type": "$$this.v.g"}, "missing"]}
    forgotten = {"$and": [has_gone, {"$lt": ["$$this.v.g", before]}]}
    all_items = {"$objectToArray": "$items"}
    kept = {"$filter": {"input": all_items, "cond": {"$not": [forgotten]}}}
    dropped = {"$filter": {"input": all_items, "cond": forgotten}}
    still_gone = {"$min": {"$map": {"input": "$$kept", "in": "$$this.v.g"}}}
    pruned = {
        "items": {"$arrayToObject": "$$kept"},
        "size": {"$size": "$$kept"},
        "floor": {"$max": ["$floor", {"$max": {"$map": {"input": "$$dropped", "in": "$$this.v.s"}}}]},
        "oldest_gone": {"$ifNull": [still_gone, "$$REMOVE"]},
    }
    fields = {name: f"$pruned.{name}" for name in ("size", "floor", "items")}
    earliest = {"$ifNull": ["$pruned.oldest_gone", "$$REMOVE"]}
    return [
        {"$set": {"pruned": {"$let": {"vars": {"kept": kept, "dropped": dropped}, "in": pruned}}}},
        {"$set": {**fields, "oldest_gone": earliest}},
        {"$unset": "pruned"},
    ]
