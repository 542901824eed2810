"""What sync holds about a citizen: numbers of changes under opaque ids, and nothing to show."""

from datetime import datetime
from typing import Any

from backend.sync.documents import Feed
from kernel.slice import PersonalData


async def export(_: str) -> list[dict[str, Any]]:
    """Nothing that other slices do not tell."""
    return []


async def erase(subject: str, now: datetime) -> int:
    """The feed is gone. For ninety days an empty row holds its place, so that news on its way cannot make it again."""
    feeds = Feed.get_pymongo_collection()
    if await feeds.find_one({"_id": {"$eq": subject}, "erased_at": {"$exists": True}}, {"_id": 1}):
        return 0
    done = await feeds.replace_one({"_id": subject}, {"erased_at": now}, upsert=True)
    return done.matched_count


PERSONAL_DATA = PersonalData("sync", "Mốc đồng bộ", "Sync positions", export, erase)
