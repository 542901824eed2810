"""Bring into the feeds what was stored before there were feeds. Broken off, it goes on where it was; done, it may be done again."""

from collections.abc import Callable, Sequence

from backend.sync.actions.bump import EPOCH_LENGTH, Feeds
from backend.sync.documents import Feed
from kernel.clock import Clock
from kernel.ids import new_id
from kernel.mongo.client import Database
from kernel.mongo.followed import Changed
from kernel.slice import Synced

AT_ONCE = 500
CURSORS = "sync_backfill"


async def backfill(
    db: Database, feeds: Feeds, synced: Sequence[Synced], clock: Clock, progress: Callable[[int], None] = lambda _: None
) -> int:
    """Bump every feed for every document that concerns somebody; answers how many documents were looked at.

    A document that a feed knows in its present version changes nothing, so it runs beside everything else, and twice.
    """
    looked = 0
    for one in synced:
        collection, cursors = one.document.get_pymongo_collection(), db[CURSORS]
        begun = await cursors.find_one({"_id": one.name})
        after = begun["after"] if begun else ""
        wanted = {one.by: {"$exists": True}, "leaving": None}
        while rows := await collection.find(
            {"_id": {"$gt": after}, **wanted}, {one.by: 1, "version": 1}, sort=[("_id", 1)], limit=AT_ONCE
        ).to_list():
            now = clock.now()
            await feeds.hear_many(
                [Changed(at=now, what=one.name, item=row["_id"], version=row["version"], concerns=(row[one.by],)) for row in rows]
            )
            after = rows[-1]["_id"]
            await cursors.update_one({"_id": one.name}, {"$set": {"after": after}}, upsert=True)
            looked += len(rows)
            progress(looked)
        await cursors.delete_one({"_id": one.name})
    return looked


async def renew_epochs(db: Database) -> int:
    """After a restore: feeds count on from an older number, so every token handed out before must answer 410."""
    done = await db[Feed.Settings.name].update_many({"seq": {"$exists": True}}, {"$set": {"epoch": new_id()[:EPOCH_LENGTH]}})
    return done.modified_count
