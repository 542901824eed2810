"""Reading the inbox, and marking in it."""

from dataclasses import dataclass
from datetime import datetime

from kernel.http.conditional import digest
from kernel.http.paging import decode_cursor, encode_cursor
from kernel.mongo.reads import Fields, Reads, Row
from notifications.documents import InboxItem, mine
from notifications.errors import InboxItemNotFound

COLLECTION = InboxItem.Settings.name
COUNTED_AT_MOST = 100
MARKED = {"version": 1, "created_at": 1}
_NEWEST_FIRST = [("created_at", -1), ("_id", -1)]


@dataclass(frozen=True)
class Page:
    """One page, the cursor of the next, and how many are unread altogether; beyond a hundred nobody counts."""

    rows: list[Row]
    following: str | None
    unread: int


async def page(reads: Reads, recipient: str, *, limit: int, cursor: str | None, shown: Fields | None = None) -> Page:
    """One page, newest first, and the count of what is unread, in one question to the database.

    `shown` are the fields to read, all without; `created_at` has to be among them.

    Raises:
        CursorMalformed.
    """
    wanted = mine(recipient)
    if cursor:
        at, last_id = decode_cursor(cursor, [datetime, str])
        wanted["$or"] = [{"created_at": {"$lt": at}}, {"created_at": at, "_id": {"$lt": last_id}}]
    unread = {**mine(recipient), "read_at": {"$exists": False}}
    counted = [{"$match": unread}, {"$limit": COUNTED_AT_MOST}, {"$count": "unread"}]
    stages: list[Row] = [{"$match": wanted}, {"$sort": dict(_NEWEST_FIRST)}, {"$limit": limit + 1}]
    stages += [{"$project": dict(shown)}] if shown else []
    # The count comes as a last row of its own; a count of none comes as no row.
    found = await reads.through(COLLECTION, [*stages, {"$unionWith": {"coll": COLLECTION, "pipeline": counted}}])
    rows = [row for row in found if "_id" in row]
    count = next((row["unread"] for row in found if "_id" not in row), 0)
    if len(rows) <= limit:
        return Page(rows, None, count)
    last = rows[limit - 1]
    return Page(rows[:limit], encode_cursor(last["created_at"], last["_id"]), count)


def version(page: Page) -> str:
    """In which version a page is: another one when a notice came, went or was read."""
    return digest(page.following, page.unread, *((row["_id"], row["version"]) for row in page.rows))


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
