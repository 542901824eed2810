"""What is left of an upload that is over goes: its bytes first, its row last, so that a crash in between is made good later."""

from datetime import datetime
from typing import Any

from backend.uploads import states
from backend.uploads.documents import Upload
from kernel.mongo.arriving import Segments
from kernel.mongo.files import Files

# Attached files live on where they were attached; of such an upload only the receipt ends.
_WITH_FILE = [state for state in states.UPLOAD.find("expire", states.READY).sources if state != states.ATTACHED]
AT_ONCE = 100


async def clear(row: dict[str, Any], *, files: Files, segments: Segments) -> None:
    """Remove the bytes and the row of an upload that is `expired`. Repeatable."""
    await segments.drop(row["_id"])
    if "file" in row:
        await files.drop(row["file"]["id"])
    await Upload.get_pymongo_collection().delete_one({"_id": row["_id"], "state": states.EXPIRED})


async def expire(now: datetime, *, files: Files, segments: Segments) -> int:
    """End the uploads whose time is over, and clear away what is left of them; answers how many are gone."""
    uploads = Upload.get_pymongo_collection()
    # Without its key nothing of a file can be read, so it is over from here on.
    over = {"$set": {"state": states.EXPIRED}, "$unset": {"key": "", "tail": "", "writer": ""}}
    await uploads.update_many({"state": {"$in": _WITH_FILE}, "expires_at": {"$lte": now}}, over)
    await uploads.delete_many({"state": states.ATTACHED, "expires_at": {"$lte": now}})
    cleared = 0
    while rows := await uploads.find({"state": states.EXPIRED}, {"file.id": 1}).limit(AT_ONCE).to_list():
        for row in rows:
            await clear(row, files=files, segments=segments)
        cleared += len(rows)
    return cleared
