"""Reading the inbox, and marking in it."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from kernel.errors import StaleVersion
from kernel.http.conditional import digest
from kernel.http.paging import decode_cursor, encode_cursor
from kernel.mongo.reads import Fields, Reads, Row
from notifications.documents import InboxItem, mine
from notifications.errors import InboxItemNotFound

COLLECTION = InboxItem.Settings.name
COUNTED_AT_MOST = 100
# Devices of one person, marking one notice at the same moment.
TRIES = 5
_SHOWN = {"outbox": 0, "relay": 0}
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
    stages.append({"$project": dict(shown or _SHOWN)})
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
