"""Reading on in the trail from where one was: for whoever hands records on, and may have been away.

A bookmark says how far each chain has been handed on. It lies beside the data: the trail's user can change nothing. It is moved
after the handing on, so that a crash hands on again and loses nothing: the trail is the truth, a reader only lags behind it.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date

from pymongo import ASCENDING
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import DuplicateKeyError

from backend.audit.actions.anchor import LOOK_BACK
from backend.audit.chain import ANCHORS, Row, name_of
from backend.audit.documents import AuditTrail
from kernel.mongo.client import Database

BOOKMARKS = "audit_bookmarks"
AT_ONCE = 200

HandOn = Callable[[list[Row]], Awaitable[None]]


@dataclass
class Bookmark:
    """How far one reader is: the first day that may still grow, and how many rows of each chain they have had."""

    name: str
    version: int = 0
    since: str = ""
    had: dict[str, int] = field(default_factory=dict)


class BookmarkMoved(Exception):
    """Another worker has moved this bookmark: it goes on from there."""


async def follow(trail: AuditTrail, db: Database, reader: str, hand_on: HandOn) -> int:
    """Hand on every row this reader has not had; answers how many.

    Raises:
        BookmarkMoved: another worker does the same.
        OSError, or whatever else `hand_on` raises: what it was given has not been handed on, and comes again.
    """
    bookmarks = db[BOOKMARKS]
    mark = await _mark(bookmarks, reader)
    done = 0
    async for name, rows in _unread(trail, mark):
        await hand_on(rows)
        mark.had[name] = rows[-1]["seq"]
        done += len(rows)
        await _move(bookmarks, mark)
    return done


async def _unread(trail: AuditTrail, mark: Bookmark) -> AsyncIterator[tuple[str, list[Row]]]:
    """What there is beyond the bookmark, chain by chain, in the order of each. Distinct values come from the index alone."""
    days = sorted(await trail.records.distinct("day", {"day": {"$gte": mark.since}}))
    for day in days:
        for chain in sorted(await trail.records.distinct("chain", {"day": {"$eq": day}})):
            name = name_of(day, chain)
            wanted = {"day": day, "chain": chain}
            async for rows in _beyond(trail.records, wanted, mark, name):
                yield name, rows
    async for rows in _beyond(trail.anchors, {}, mark, ANCHORS):
        yield ANCHORS, rows
    if days:
        # Writers on machines whose clocks differ may still add to the day before the last.
        mark.since = max(mark.since, (date.fromisoformat(days[-1]) - LOOK_BACK).isoformat())
        mark.had = {name: had for name, had in mark.had.items() if name == ANCHORS or name >= mark.since}


async def _beyond(rows: AsyncCollection[Row], wanted: Row, mark: Bookmark, name: str) -> AsyncIterator[list[Row]]:
    while True:
        beyond = {**wanted, "seq": {"$gt": mark.had.get(name, 0)}}
        if not (some := await rows.find(beyond, sort=[("seq", ASCENDING)], limit=AT_ONCE).to_list()):
            return
        yield some


async def _mark(bookmarks: AsyncCollection[Row], reader: str) -> Bookmark:
    row = await bookmarks.find_one({"_id": reader})
    if row is None:
        return Bookmark(reader)
    return Bookmark(reader, row["version"], row["since"], dict(row["had"]))


async def _move(bookmarks: AsyncCollection[Row], mark: Bookmark) -> None:
    moved = {"version": mark.version + 1, "since": mark.since, "had": mark.had}
    try:
        done = await bookmarks.update_one({"_id": mark.name, "version": mark.version}, {"$set": moved}, upsert=mark.version == 0)
    except DuplicateKeyError as faster:
        raise BookmarkMoved from faster
    if not (done.matched_count or done.upserted_id):
        raise BookmarkMoved
    mark.version += 1
