"""Reading the inbox, and marking in it."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from kernel.errors import StaleVersion
from kernel.http.paging import decode_cursor, encode_cursor
from kernel.mongo.reads import Reads, Row
from notifications.documents import InboxItem, mine
from notifications.errors import InboxItemNotFound

COUNTED_AT_MOST = 100
# Devices of one person, marking one notice at the same moment.
TRIES = 5
_SHOWN = {"outbox": 0, "relay": 0}
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
    rows = await reads.many(InboxItem.Settings.name, wanted, shown=_SHOWN, sort=_NEWEST_FIRST, limit=limit + 1)
    if len(rows) <= limit:
        return rows, None
    last = rows[limit - 1]
    return rows[:limit], encode_cursor(last["created_at"], last["_id"])


async def unread_count(recipient: str) -> int:
    """How many are unread; beyond a hundred nobody counts."""
    wanted = {**mine(recipient), "read_at": {"$exists": False}}
    return await InboxItem.get_pymongo_collection().count_documents(wanted, limit=COUNTED_AT_MOST)


async def among(reads: Reads, recipient: str, ids: Sequence[str]) -> list[Row]:
    """Those of these notices that are in this inbox."""
    wanted = {"_id": {"$in": list(ids)}, **mine(recipient)}
    return await reads.many(InboxItem.Settings.name, wanted, shown=_SHOWN, sort=[("_id", 1)], limit=len(ids))


async def mark(recipient: str, item_id: str, *, read_at: datetime | None) -> Row:
    """Mark as read at that time, or as unread with None. Reading twice keeps the first time.

    Raises:
        InboxItemNotFound: it is not in this inbox.
        StaleVersion: many mark it at once, again and again.
    """
    for _ in range(TRIES):
        item = await InboxItem.find_one({"_id": {"$eq": item_id}, **mine(recipient)})
        if item is None:
            raise InboxItemNotFound
        if (item.read_at is None) == (read_at is None):
            return _row(item)
        item.read_at = read_at
        with suppress(StaleVersion):
            return _row(await item.commit())
    raise StaleVersion


def _row(item: InboxItem) -> Row:
    return {"_id": item.id, **item.model_dump(exclude={"id"}, exclude_none=True)}
