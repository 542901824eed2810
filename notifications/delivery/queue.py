"""The deliveries that are due: claim one under a lease, and say what became of it. All waiting is on the database's clock (I37)."""

from datetime import datetime, timedelta
from typing import Any

from pymongo import ReturnDocument

from notifications.documents import Attempt, Delivery

Row = dict[str, Any]

LEASE = timedelta(seconds=30)


def _in(delay: timedelta) -> Row:
    return {"$add": ["$$NOW", int(delay.total_seconds() * 1000)]}


async def claim(token: str) -> Row | None:
    """The delivery that has been due longest, leased to `token`; a lease that runs out makes it due again (I6, I7)."""
    return await Delivery.get_pymongo_collection().find_one_and_update(
        {"state": "pending", "$expr": {"$lte": ["$due", "$$NOW"]}},
        [{"$set": {"lease": token, "due": _in(LEASE), "tries": {"$add": ["$tries", 1]}}}],
        sort=[("due", 1)],
        return_document=ReturnDocument.AFTER,
    )


async def finish(
    delivery_id: str,
    token: str,
    state: str,
    *,
    reason: str | None,
    now: datetime,
    provider_id: str | None = None,
    attempt: Attempt | None = None,
) -> bool:
    """Bring a delivery to its end; False when the lease was lost, and then nothing is changed."""
    facts = {"state": state, "finished_at": now, "reason": reason, "provider_id": provider_id}
    change: Row = {"$set": {k: v for k, v in facts.items() if v is not None}, "$unset": {"lease": ""}, "$inc": {"version": 1}}
    if attempt:
        change["$push"] = {"attempts": attempt.model_dump()}
    done = await Delivery.get_pymongo_collection().update_one({"_id": delivery_id, "lease": token, "state": "pending"}, change)
    return done.modified_count == 1


async def hold(delivery_id: str, token: str, delay: timedelta, attempt: Attempt) -> bool:
    """Let it wait without having tried: the try that the claim counted is given back. False when the lease was lost."""
    return await _again(delivery_id, token, delay, attempt, {"tries": {"$subtract": ["$tries", 1]}})


async def postpone(delivery_id: str, token: str, delay: timedelta, attempt: Attempt) -> bool:
    """Try again after `delay`; False when the lease was lost."""
    return await _again(delivery_id, token, delay, attempt, {})


async def _again(delivery_id: str, token: str, delay: timedelta, attempt: Attempt, more: Row) -> bool:
    done = await Delivery.get_pymongo_collection().update_one(
        {"_id": delivery_id, "lease": token, "state": "pending"},
        [
            {
                "$set": {
                    "due": _in(delay),
                    "lease": "$$REMOVE",
                    "attempts": {"$concatArrays": ["$attempts", [attempt.model_dump()]]},
                    **more,
                }
            }
        ],
    )
    return done.modified_count == 1
