"""The counters behind the limits: one document a window, changed by one atomic statement each time (ADR 0017).

Counted is on the primary alone, without waiting for its journal: a failover may forget a few requests, and that is all it costs.
"""

import hashlib
from collections import OrderedDict
from datetime import datetime, timedelta
from math import ceil
from typing import Any

import msgspec
import structlog
from pymongo import ReturnDocument, WriteConcern
from pymongo.errors import DuplicateKeyError, PyMongoError

from kernel.clock import Clock
from kernel.http.limits import Limit
from kernel.mongo.client import Database

log = structlog.get_logger(__name__)

COLLECTION = "limit_windows"
LEASES_KEPT = 20_000
RETRIES = 5
MAX_TIME_MS = 2_000
# How many a process lets through unseen, for each caller, while the database does not answer.
_ON_TRUST, _TRUST = 20, timedelta(seconds=5)


class Standing(msgspec.Struct, frozen=True):
    """How a caller stands with one limit, after this request."""

    limit: Limit
    left: int
    resets_in_s: int
    allowed: bool

    @property
    def header(self) -> str:
        """The standing as callers are told of it (draft-ietf-httpapi-ratelimit-headers, RateLimit)."""
        return f'"{self.limit.name}";r={self.left};t={self.resets_in_s}'


class _Lease:
    """What this process may still give out of one window."""

    __slots__ = ("ends", "left", "more")

    def __init__(self, left: int, more: int, ends: datetime) -> None:
        self.left, self.more, self.ends = left, more, ends


class Windows:
    """Counts."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._windows = db[COLLECTION].with_options(write_concern=WriteConcern(w=1))
        self._clock = clock
        self._leases: OrderedDict[tuple[str, str], _Lease] = OrderedDict()

    async def prepare(self) -> None:
        """Let the database throw away what is over. A migration's business."""
        await self._windows.create_index("ends", expireAfterSeconds=0)

    async def take(self, limit: Limit, key: str) -> Standing:
        """Count one request.

        Raises:
            pymongo.errors.PyMongoError: an exact limit cannot be counted at the moment, and so nothing can be allowed.
        """
        now = self._clock.now()
        if limit.leased > 1:
            return self.spend(limit, key) or self._first_of(limit, await self._leased(limit, key, now), now)
        count, ends = await self._count(limit, key, now, 1)
        return Standing(limit, max(0, limit.most - count), _seconds(now, ends), count <= limit.most)

    def spend(self, limit: Limit, key: str) -> Standing | None:
        """Count one request from what this process has leased already; None where it has to ask for more."""
        lease = self._leases.get((limit.name, key))
        if lease is None or (lease.left <= 0 and lease.more > 0) or lease.ends <= (now := self._clock.now()):
            return None
        return self._first_of(limit, lease, now)

    def _first_of(self, limit: Limit, lease: "_Lease", now: datetime) -> Standing:
        allowed = lease.left > 0
        lease.left -= allowed
        return Standing(limit, lease.left + lease.more, _seconds(now, lease.ends), allowed)

    async def _leased(self, limit: Limit, key: str, now: datetime) -> _Lease:
        """Some of the window for this process. Never are more given out than there are, whoever asks at the same moment."""
        whose, block = (limit.name, key), min(limit.leased, limit.most)
        try:
            count, ends = await self._count(limit, key, now, block)
        except PyMongoError as failure:
            # A general budget guards our processor, nothing else: without a database to count in, answering is the lesser evil.
            log.warning("limits.not_counted", error=type(failure).__name__)
            lease = self._leases[whose] = _Lease(_ON_TRUST, 0, now + _TRUST)
            return lease
        granted = max(0, min(block, limit.most - (count - block)))
        # Somebody else in this process may have leased meanwhile: both blocks count.
        other = self._leases.get(whose)
        left = granted + (other.left if other and other.ends == ends else 0)
        lease = self._leases[whose] = _Lease(left, max(0, limit.most - count), ends)
        self._leases.move_to_end(whose)
        if len(self._leases) > LEASES_KEPT:
            self._leases.popitem(last=False)
        return lease

    async def _count(self, limit: Limit, key: str, now: datetime, many: int) -> tuple[int, datetime]:
        """How many there are now in this window, these included, and when it ends."""
        for _ in range(RETRIES):
            try:
                row = await self._windows.find_one_and_update(
                    {"_id": _name(limit, key)},
                    statement(limit, now, many),
                    upsert=True,
                    return_document=ReturnDocument.AFTER,
                    projection={"count": 1, "ends": 1},
                    maxTimeMS=MAX_TIME_MS,
                )
            except DuplicateKeyError:
                # Two began the window at once; the second finds it begun.
                continue
            assert row, "an upsert answers the document"
            return row["count"], row["ends"]
        raise PyMongoError("a window could not be begun")


def statement(limit: Limit, now: datetime, many: int) -> list[dict[str, Any]]:
    """The update that counts: begins a window, or goes on in it, and makes it longer for who does not stop."""
    over = {"$or": [{"$eq": [{"$type": "$ends"}, "missing"]}, {"$lte": ["$ends", now]}]}
    counted = {
        "starts": {"$cond": [over, now, "$starts"]},
        "count": {"$cond": [over, many, {"$add": ["$count", many]}]},
    }
    length: Any = _ms(limit.within)
    if limit.growth > 1:
        beyond = {"$max": [0, {"$subtract": ["$count", limit.most]}]}
        grown = {"$multiply": [length, {"$pow": [limit.growth, beyond]}]}
        length = {"$min": [max(_ms(limit.longest), length), grown]}
    return [{"$set": counted}, {"$set": {"ends": {"$add": ["$starts", {"$toLong": length}]}}}]


def _ms(length: timedelta) -> int:
    return round(length.total_seconds() * 1000)


def _seconds(now: datetime, ends: datetime) -> int:
    return max(1, ceil((ends - now).total_seconds()))


def _name(limit: Limit, key: str) -> str:
    """A window's id tells nobody's address."""
    return f"{limit.name}:{hashlib.blake2b(key.encode(), digest_size=16).hexdigest()}"
