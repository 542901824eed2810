"""Reading the inbox, and marking in it."""

from datetime import datetime

from kernel.http.paging import decode_cursor, encode_cursor
from kernel.mongo.reads import Reads, Row
from notifications.documents import InboxItem, mine
from notifications.errors import InboxItemNotFound

COUNTED_AT_MOST = 100
_NEWEST_FIRST = [("created_at", -1), ("_id", -1)]


async def page(reads: Reads, recipient: str, *, limit: int, cursor: str | None) -> tuple[list[Row], str | None]:
    """One page, newest first, and the cursor of the next.

    Raises:
        CursorMalformed.
    """
    wanted = mine(recipient)
    if cursor:
        at, last_id = decode_cursor(cursor, [datetime, str])
        wanted["$or"] = [{"created_at": {"$lt": at}}, {"created_at": at, "_id": {"$lt": last_id}}]
    rows = await reads.many(InboxItem.Settings.name, wanted, shown=None, sort=_NEWEST_FIRST, limit=limit + 1)
    if len(rows) <= limit:
        return rows, None
    last = rows[limit - 1]
    return rows[:limit], encode_cursor(last["created_at"], last["_id"])


async def unread_count(recipient: str) -> int:
    """How many are unread; beyond a hundred nobody counts."""
    wanted = {**mine(recipient), "read_at": {"$exists": False}}
    return await InboxItem.get_pymongo_collection().count_documents(wanted, limit=COUNTED_AT_MOST)


async def mark(recipient: str, item_id: str, *, read_at: datetime | None) -> Row:
    """Mark as read at that time, or as unread with None. Reading twice keeps the first time.

    Raises:
        InboxItemNotFound: it is not in this inbox.
    """
    items = InboxItem.get_pymongo_collection()
    wanted = {"_id": {"$eq": item_id}, **mine(recipient)}
    if read_at is None:
        await items.update_one({**wanted, "read_at": {"$exists": True}}, {"$unset": {"read_at": ""}, "$inc": {"version": 1}})
    else:
        await items.update_one({**wanted, "read_at": {"$exists": False}}, {"$set": {"read_at": read_at}, "$inc": {"version": 1}})
    row: Row | None = await items.find_one(wanted)
    if row is None:
        raise InboxItemNotFound
    return row
