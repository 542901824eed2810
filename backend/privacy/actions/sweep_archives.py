"""Remove the bytes of archives that nobody can open any more: taken, not taken in time, or withdrawn."""

from datetime import datetime, timedelta

from backend.privacy import states
from backend.privacy.documents import Export
from kernel.mongo.files import Files

# Whoever takes an archive at this moment may still be reading it, over a telephone line if need be.
LONGEST_DOWNLOAD = timedelta(hours=1)
AT_ONCE = 100


async def sweep_archives(files: Files, now: datetime) -> int:
    """Answers how many archives were removed. Broken off, it goes on where it was."""
    exports, swept = Export.get_pymongo_collection(), 0
    closed = {"state": {"$in": [states.EXPIRED, states.FAILED]}, "file": {"$exists": False}}
    taken = {"state": states.TAKEN, "taken_at": {"$lte": now - LONGEST_DOWNLOAD}}
    wanted = {"bytes_in": {"$exists": True}, "$or": [closed, taken]}
    while rows := await exports.find(wanted, {"bytes_in": 1}, limit=AT_ONCE).to_list():
        for row in rows:
            # The bytes first: a crash between the two removes nothing twice, and forgets nothing.
            await files.drop(row["bytes_in"])
            await exports.update_one({"_id": row["_id"]}, {"$unset": {"bytes_in": ""}, "$inc": {"version": 1}})
            swept += 1
    return swept
