"""How fast all workers together may send: permits, leased from MongoDB a block at a time (I19, I20).

One document holds a bucket that fills with the present rate. The rate begins at FLOOR, climbs to the quota's in a minute or longer
while it is asked for everything it has, falls back as it climbed when nobody asks, is halved when Firebase is overloaded, and is
nothing while Firebase has asked for silence. A block is good for VALID_S only, so permits never pile up in a worker's pocket:

    sends in any 60 s  <=  burst + rate x (60 s + VALID_S)  =  quota
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from pymongo import ReturnDocument

from kernel.mongo.client import Database

COLLECTION = "fcm_permits"
WINDOW_S = 60.0
RAMP_S = 60.0
VALID_S = 3.0
BURST_S = 1.0
FLOOR_PER_S = 100.0
BLOCK = 500
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)

Row = dict[str, Any]


class Permits:
    """One worker's door to the common bucket."""

    def __init__(
        self,
        db: Database,
        project: str,
        *,
        per_minute: int,
        monotonic: Callable[[], float] = time.monotonic,
        server_now: Callable[[], Any] = lambda: "$$NOW",
    ) -> None:
        """`server_now` is what the database takes for now; a test hands in a clock of its own."""
        self._bucket, self._project = db[COLLECTION], project
        self._most_per_s = per_minute / (BURST_S + WINDOW_S + VALID_S)
        self._monotonic, self._server_now = monotonic, server_now
        self._left, self._good_until = 0, 0.0
        self.rate_per_s, self.silent = 0.0, False

    @property
    def floor_per_s(self) -> float:
        """Where the climb begins."""
        return min(FLOOR_PER_S, self._most_per_s)

    @property
    def good_until(self) -> float:
        """When, on the monotonic clock, what was taken is no good any more."""
        return self._good_until

    async def take(self, wanted: int) -> int:
        """So many may be sent now, at most `wanted`; 0 while there are none."""
        if self._monotonic() >= self._good_until:
            self._left = 0
        if self._left < wanted:
            await self._lease(max(wanted, min(BLOCK, wanted * 2)) - self._left)
        granted = min(wanted, self._left)
        self._left -= granted
        return granted

    def give_back(self, unused: int) -> None:
        """Permits that were taken and not needed."""
        self._left += unused

    async def silence(self, pause: timedelta) -> None:
        """Nobody sends for so long: Firebase has said that the project is over its quota."""
        self._left = 0
        until = {"$add": [self._server_now(), int(pause.total_seconds() * 1000)]}
        change = {"silent_until": {"$max": ["$silent_until", until]}, "rate": self.floor_per_s, "tokens": 0.0}
        await self._bucket.update_one({"_id": self._project}, [{"$set": change}])

    async def slow_down(self) -> None:
        """Half as fast from now on: Firebase is overloaded. Once a second at the most, or a burst of 503 would stop everything."""
        self._left = 0
        due = {"$gt": [{"$subtract": [self._server_now(), {"$ifNull": ["$slowed_at", _LONG_AGO]}]}, 1_000]}
        slower = {"$max": [self.floor_per_s, {"$divide": ["$rate", 2]}]}
        change = {
            "rate": {"$cond": [due, slower, "$rate"]},
            "slowed_at": {"$cond": [due, self._server_now(), "$slowed_at"]},
        }
        await self._bucket.update_one({"_id": self._project}, [{"$set": change}])

    async def _lease(self, wanted: int) -> None:
        # Counted from before the question, on a clock that does not jump: no block is used for longer than the server thinks.
        asked = self._monotonic()
        bucket = await self._bucket.find_one_and_update(
            {"_id": self._project}, self._step(wanted), upsert=True, return_document=ReturnDocument.AFTER
        )
        assert bucket
        granted = int(bucket["granted"])
        self.rate_per_s, self.silent = bucket["rate"], bucket["silent"]
        if granted:
            self._left += granted
            # What was left of the block before is no better than the new one, so the earlier end counts for all of it.
            still_good = self._good_until if self._left > granted else asked + VALID_S
            self._good_until = min(still_good, asked + VALID_S)

    def _step(self, wanted: int) -> list[Row]:
        """Let time pass in the bucket, then take from it: one atomic update."""
        now, slope = self._server_now(), (self._most_per_s - self.floor_per_s) / RAMP_S
        # A gap is a gap: whoever asked for more than there was and then fell silent has not been climbing meanwhile.
        asking_s = {"$cond": [{"$ifNull": ["$short", False]}, {"$min": ["$elapsed", 1.0]}, 0.0]}
        climbing_s = {"$subtract": [{"$multiply": [2, asking_s]}, "$elapsed"]}
        elapsed_s = {"$divide": [{"$max": [{"$subtract": [now, {"$ifNull": ["$at", now]}]}, 0]}, 1_000]}
        rate = {"$ifNull": ["$rate", self.floor_per_s]}
        climbed = {"$add": [rate, {"$multiply": [climbing_s, slope]}]}
        filled = {"$add": [{"$ifNull": ["$tokens", self.floor_per_s * BURST_S]}, {"$multiply": ["$elapsed", "$rate"]}]}
        silent = {"$gt": [{"$ifNull": ["$silent_until", _LONG_AGO]}, now]}
        return [
            {"$set": {"elapsed": elapsed_s}},
            {"$set": {"rate": {"$max": [self.floor_per_s, {"$min": [self._most_per_s, climbed]}]}}},
            {"$set": {"tokens": {"$min": [filled, {"$multiply": ["$rate", BURST_S]}]}}},
            {"$set": {"silent": silent}},
            {"$set": {"granted": {"$cond": ["$silent", 0, {"$min": [wanted, {"$floor": "$tokens"}]}]}}},
            {
                "$set": {
                    "tokens": {"$subtract": ["$tokens", "$granted"]},
                    "short": {"$and": [{"$not": "$silent"}, {"$lt": ["$granted", wanted]}]},
                    "at": {"$max": [now, "$at"]},
                }
            },
            {"$unset": "elapsed"},
        ]
