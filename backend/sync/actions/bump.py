"""Note in a citizen's feed that a copy has changed: one statement that gives out the number and writes it down.

Were the number given out first and written down later, a phone could read past it in between and never hear of the change. Here
nobody can see a number before its change, so the order of the numbers is the order of the commits (ADR 0018).
"""

from collections.abc import Sequence
from typing import Any

import structlog
from pymongo import UpdateOne
from pymongo.errors import DuplicateKeyError

from backend.sync.documents import Feed, key_of
from kernel.ids import new_id
from kernel.mongo.client import Database
from kernel.mongo.followed import Changed

log = structlog.get_logger(__name__)

# About 100 bytes each: a feed stays below 2.5 MB, of the 16 MB a document may have. What is beyond falls out, longest unchanged
# first.
MAX_ITEMS = 20_000
KEPT_WHEN_FULL = 18_000
EPOCH_LENGTH = 6


class Feeds:
    """Where changes are noted."""

    def __init__(self, db: Database) -> None:
        self._feeds = db[Feed.Settings.name]

    async def hear(self, changed: Changed) -> None:
        """Bump the feed of everybody concerned. Hearing the same again, or something older, changes nothing (I4)."""
        for change in _bumps(changed):
            try:
                await self._feeds.update_one(*change, upsert=True)
            except DuplicateKeyError:
                # Somebody made the feed at the same moment: now it is there.
                await self._feeds.update_one(*change)

    async def hear_many(self, many: Sequence[Changed]) -> None:
        """The same for what was there before its feed (a migration's business)."""
        writes = [UpdateOne(*change, upsert=True) for changed in many for change in _bumps(changed)]
        if writes:
            await self._feeds.bulk_write(writes)


def _bumps(changed: Changed) -> list[tuple[dict[str, Any], list[dict[str, Any]]]]:
    key = key_of(changed.what, changed.item)
    told = [(citizen, bump(key, changed.version, gone=False)) for citizen in changed.concerns]
    told += [(citizen, bump(key, changed.version, gone=True)) for citizen in changed.left]
    return [({"_id": citizen}, statement) for citizen, statement in told]


def bump(key: str, version: int, *, gone: bool) -> list[dict[str, Any]]:
    """The statement, as an aggregation over the feed as it is stored."""
    name = {"$literal": key}
    items = {"$ifNull": ["$items", {}]}
    known = {"$getField": {"field": name, "input": items}}
    seq = {"$add": [{"$ifNull": ["$seq", 0]}, 1]}
    is_new = {"$cond": [{"$eq": [{"$type": known}, "missing"]}, 1, 0]}
    entry: dict[str, Any] = {"s": seq, "v": version}
    noted: dict[str, Any] = {
        "seq": seq,
        "floor": {"$ifNull": ["$floor", 0]},
        "epoch": {"$ifNull": ["$epoch", new_id()[:EPOCH_LENGTH]]},
        "size": {"$add": [{"$ifNull": ["$size", 0]}, is_new]},
    }
    if gone:
        entry["g"] = "$$NOW"
        noted["oldest_gone"] = {"$ifNull": ["$oldest_gone", "$$NOW"]}
    noted["items"] = {"$setField": {"field": name, "input": items, "value": entry}}
    # Of a document's versions the highest is the last word, in whatever order they are told. But what is gone may have been made
    # anew under the same id and count from one again; that it is there is then found by looking.
    known_version: Any = {"$ifNull": [{"$getField": {"field": "v", "input": known}}, -1]}
    if not gone:
        known_gone = {"$ne": [{"$type": {"$getField": {"field": "g", "input": known}}}, "missing"]}
        known_version = {"$cond": [known_gone, -1, known_version]}
    is_news = {"$and": [{"$lt": [known_version, version]}, {"$eq": [{"$type": "$erased_at"}, "missing"]}]}
    return [
        {"$replaceWith": {"$cond": [is_news, {"$mergeObjects": ["$$ROOT", noted]}, "$$ROOT"]}},
        {"$replaceWith": {"$cond": [{"$lte": ["$size", MAX_ITEMS]}, "$$ROOT", _trimmed()]}},
    ]


def _trimmed() -> dict[str, Any]:
    by_number = {"$sortArray": {"input": {"$objectToArray": "$items"}, "sortBy": {"v.s": 1}}}
    last_out = {"$arrayElemAt": ["$$all", -KEPT_WHEN_FULL - 1]}
    kept = {
        "size": KEPT_WHEN_FULL,
        "floor": {"$max": ["$floor", {"$getField": {"field": "s", "input": {"$getField": {"field": "v", "input": last_out}}}}]},
        "items": {"$arrayToObject": {"$slice": ["$$all", -KEPT_WHEN_FULL]}},
    }
    return {"$let": {"vars": {"all": by_number}, "in": {"$mergeObjects": ["$$ROOT", kept]}}}
