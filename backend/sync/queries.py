"""Reading a feed: one read says whether anything is new, and if so what."""

from collections.abc import Sequence
from typing import Any

import msgspec
from pymongo.read_concern import ReadConcern

from backend.sync.documents import Feed
from backend.sync.errors import SyncTokenExpired
from backend.sync.token import Position
from kernel.mongo.client import Database
from kernel.mongo.reads import MAX_TIME_MS


class Entry(msgspec.Struct, frozen=True):
    """A copy that has changed, or is there no more: looking tells which."""

    kind: str
    item: str
    seq: int


class Delta(msgspec.Struct, frozen=True):
    """Some of the changes after a place, in the order of their numbers, and the place after the last of them.

    `number` is that of the feed's last change, of whatever kind.
    """

    entries: list[Entry]
    after: Position
    has_more: bool
    number: int = 0


class FeedReads:
    """Reads feeds as the majority has them: a number that a failover could take back is never handed out."""

    def __init__(self, db: Database) -> None:
        self.majority: Database = db.with_options(read_concern=ReadConcern("majority"))
        self._feeds = self.majority[Feed.Settings.name]

    async def changes(self, citizen: str, since: Position | None, kinds: Sequence[str], *, limit: int) -> Delta:
        """At most `limit` changes after `since`; without it a snapshot: everything there is.

        Raises:
            SyncTokenExpired: the feed cannot tell from there: it is another feed, or has forgotten.
        """
        row = await self._feeds.find_one({"_id": {"$eq": citizen}}, _projection(since, kinds, limit), max_time_ms=MAX_TIME_MS)
        if row is None or "seq" not in row:
            if since is not None and since.seq > 0:
                raise SyncTokenExpired
            return Delta([], Position(), has_more=False)
        _check(since, row)
        upto = row["seq"] if since is None else since.upto
        entries = [_entry(found) for found in row["found"][:limit]]
        has_more = len(row["found"]) > limit
        reached = entries[-1].seq if has_more else row["seq"]
        return Delta(entries, Position(reached, upto if reached < upto else 0, row["epoch"]), has_more, row["seq"])

    async def now(self, citizen: str) -> Position:
        """Where the feed stands."""
        row = await self._feeds.find_one({"_id": {"$eq": citizen}}, {"seq": 1, "epoch": 1}, max_time_ms=MAX_TIME_MS)
        return Position(row["seq"], 0, row["epoch"]) if row and "seq" in row else Position()

    async def numbers(self, citizens: Sequence[str]) -> dict[str, int]:
        """The number of the last change in each of these feeds."""
        found = self._feeds.find({"_id": {"$in": list(citizens)}}, {"seq": 1}, max_time_ms=MAX_TIME_MS)
        return {row["_id"]: row.get("seq", 0) async for row in found}


def _check(since: Position | None, row: dict[str, Any]) -> None:
    """Can this feed tell what came after?

    Raises:
        SyncTokenExpired: it cannot.
    """
    # Who has nothing yet misses nothing that was forgotten.
    if since is None or since.seq == 0:
        return
    # What had gone before a snapshot began was never in it.
    if since.epoch != row["epoch"] or since.seq > row["seq"] or max(since.seq, since.upto) < row["floor"]:
        raise SyncTokenExpired


def _entry(found: dict[str, Any]) -> Entry:
    kind, _, item = found["k"].partition(":")
    return Entry(kind, item, found["v"]["s"])


def _projection(since: Position | None, kinds: Sequence[str], limit: int) -> dict[str, Any]:
    """`found`: the changes, sorted and cut in the database. Where nothing is new it is empty and nothing was looked through."""
    after, number = (since.seq if since else 0), "$$this.v.s"
    is_gone = {"$ne": [{"$type": "$$this.v.g"}, "missing"]}
    # In a snapshot nobody is told of what had gone before it began.
    before_it = {"$lte": [number, since.upto]} if since else True
    wanted: list[Any] = [
        {"$gt": [number, after]},
        {"$in": [{"$arrayElemAt": [{"$split": ["$$this.k", ":"]}, 0]}, list(kinds)]},
        {"$not": [{"$and": [is_gone, before_it]}]},
    ]
    new = {"$filter": {"input": {"$objectToArray": {"$ifNull": ["$items", {}]}}, "cond": {"$and": wanted}}}
    page = {"$slice": [{"$sortArray": {"input": new, "sortBy": {"v.s": 1}}}, limit + 1]}
    return {"seq": 1, "floor": 1, "epoch": 1, "found": {"$cond": [{"$gt": ["$seq", after]}, page, []]}}
