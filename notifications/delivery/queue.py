"""The deliveries that are due: claimed a batch at a time under a lease, and what became of each written down.

All waiting is on the database's clock, so no worker's own can be wrong (I37). A claim is three steps, of which only the second
decides: look for ids, take those still free under a fresh token, fetch what was taken (delivery.md 1.9).
"""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from pymongo import UpdateOne
from pymongo.errors import PyMongoError

from notifications.documents import Attempt, Begun, Delivery
from notifications.lanes import Lane
from notifications.ways import ChannelName

log = structlog.get_logger(__name__)

Row = dict[str, Any]

LEASE = timedelta(seconds=30)
BATCH = 250
# Of the tries of a delivery the last are kept; a push held back night after night has many.
KEPT_ATTEMPTS = 20
_FREE = {"state": "pending", "$expr": {"$lte": ["$due", "$$NOW"]}}


def _in(delay: timedelta) -> Row:
    return {"$add": ["$$NOW", int(delay.total_seconds() * 1000)]}


async def look(lane: Lane, most: int = BATCH) -> list[str]:
    """The deliveries of this lane that have been due longest. Looking takes nothing: others may be looking too."""
    found = Delivery.get_pymongo_collection().find({"lane": lane, **_FREE}, {"_id": 1}).sort("due", 1).limit(most)
    return [row["_id"] async for row in found]


async def take(token: str, ids: Sequence[str]) -> list[Row]:
    """Those that are still free, leased to `token`; a lease that runs out makes them due again (I6, I7)."""
    deliveries = Delivery.get_pymongo_collection()
    leased = {"lease": token, "due": _in(LEASE), "tries": {"$add": ["$tries", 1]}}
    done = await deliveries.update_many({"_id": {"$in": list(ids)}, **_FREE}, [{"$set": leased}])
    if done.modified_count == 0:
        return []
    return await deliveries.find({"_id": {"$in": list(ids)}, "lease": token}).to_list()


async def claim(token: str, lane: Lane, most: int = BATCH) -> list[Row]:
    """Look and take."""
    ids = await look(lane, most)
    return await take(token, ids) if ids else []


async def renew(token: str, ids: Sequence[str]) -> int:
    """Keep the lease on those that are still in hand; answers how many there are."""
    done = await Delivery.get_pymongo_collection().update_many(
        {"_id": {"$in": list(ids)}, "lease": token, "state": "pending"}, [{"$set": {"due": _in(LEASE)}}]
    )
    return done.modified_count


async def keep_lease(token: str, in_hand: Collection[str]) -> None:
    """Renew it well below half of its life, for as long as something is in hand (I7); until cancelled."""
    while True:
        await asyncio.sleep(LEASE.total_seconds() / 3)
        try:
            await renew(token, sorted(in_hand))
        except PyMongoError as error:
            log.warning("queue.lease_not_renewed", error=type(error).__name__)


async def begin(token: str, delivery: str, channel: ChannelName, now: datetime) -> bool:
    """Note that a text leaves by this channel now. False where the lease is not ours any more: then it must not (I6, I32)."""
    held = {"_id": delivery, "lease": token, "state": "pending", "begun": None}
    begun = Begun(channel=channel, at=now).model_dump()
    done = await Delivery.get_pymongo_collection().update_one(held, {"$set": {"begun": begun}})
    return done.modified_count == 1


async def release(token: str, ids: Sequence[str], delay: timedelta = timedelta()) -> None:
    """Give back what was claimed and not tried, as if it had never been claimed (I8)."""
    if ids:
        given_back = {"due": _in(delay), "lease": "$$REMOVE", "tries": {"$subtract": ["$tries", 1]}}
        await Delivery.get_pymongo_collection().update_many(
            {"_id": {"$in": list(ids)}, "lease": token, "state": "pending"}, [{"$set": given_back}]
        )


@dataclass(frozen=True)
class Verdict:
    """What is to be written of one claimed delivery: an end (`state`), or when to look at it again (`again_in`)."""

    delivery: str
    token: str
    state: str | None = None
    reason: str | None = None
    now: datetime | None = None
    provider_id: str | None = None
    again_in: timedelta | None = None
    lane: Lane | None = None
    tried: bool = True
    attempt: Attempt | None = None
    passed: ChannelName | None = None


async def record(verdicts: Sequence[Verdict]) -> list[str]:
    """Write them all in one go. Answers those whose lease had been lost: they are not changed, and what is known is kept (I6)."""
    if not verdicts:
        return []
    deliveries = Delivery.get_pymongo_collection()
    done = await deliveries.bulk_write([_operation(verdict) for verdict in verdicts], ordered=False)
    if done.matched_count == len(verdicts):
        return []
    return await _kept_as_evidence(verdicts)


def _operation(verdict: Verdict) -> UpdateOne:
    held = {"_id": verdict.delivery, "lease": verdict.token, "state": "pending"}
    if verdict.state:
        facts = {
            "state": verdict.state,
            "finished_at": verdict.now,
            "reason": verdict.reason,
            "provider_id": verdict.provider_id,
        }
        change: Row = {"$set": {k: v for k, v in facts.items() if v is not None}, "$unset": {"lease": ""}}
        if verdict.attempt:
            change["$push"] = {"attempts": {"$each": [_stored(verdict.attempt)], "$slice": -KEPT_ATTEMPTS}}
        return UpdateOne(held, change)
    again: Row = {"due": _in(verdict.again_in or timedelta()), "lease": "$$REMOVE", "begun": "$$REMOVE"}
    if verdict.passed:
        again["passed"] = {"$setUnion": [{"$ifNull": ["$passed", []]}, [verdict.passed]]}
    if verdict.attempt:
        more = {"$concatArrays": [{"$ifNull": ["$attempts", []]}, [{"$literal": _stored(verdict.attempt)}]]}
        again["attempts"] = {"$slice": [more, -KEPT_ATTEMPTS]}
    if verdict.lane:
        again["lane"] = verdict.lane
    if not verdict.tried:
        again["tries"] = {"$subtract": ["$tries", 1]}
    return UpdateOne(held, [{"$set": again}])


def _stored(attempt: Attempt) -> Row:
    return attempt.model_dump()


async def _kept_as_evidence(verdicts: Sequence[Verdict]) -> list[str]:
    """Those that did not match: somebody else has the lease and will decide, and an operator sees both."""
    deliveries = Delivery.get_pymongo_collection()
    by_id = {verdict.delivery: verdict for verdict in verdicts}
    ours = deliveries.find({"_id": {"$in": list(by_id)}}, {"attempts.lease": 1, "state": 1, "lease": 1})
    async for row in ours:
        verdict = by_id[row["_id"]]
        kept = any(attempt.get("lease") == verdict.token for attempt in row.get("attempts", []))
        if kept or (verdict.attempt is None and row.get("lease") != verdict.token):
            del by_id[row["_id"]]
    lost = [verdict for verdict in by_id.values() if verdict.attempt]
    if lost:
        evidence = [
            UpdateOne({"_id": v.delivery}, {"$push": {"late": {"$each": [_stored(v.attempt)], "$slice": -KEPT_ATTEMPTS}}})
            for v in lost
            if v.attempt
        ]
        await deliveries.bulk_write(evidence, ordered=False)
    return [verdict.delivery for verdict in lost]
