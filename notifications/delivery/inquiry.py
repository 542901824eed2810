"""Why did this citizen not get that? Everything that is known of a notice's way to each phone, in one query (I35)."""

from typing import Any

from notifications.documents import Delivery, InboxItem

Row = dict[str, Any]
# Deliveries that ended in a way nobody wished; one of them may be tried again by an operator.
DEAD = {"state": "failed"}
# What was perhaps sent and has no tag to replace it is never sent again, not even by an operator (ADR 0035).
REPLAYABLE = {**DEAD, "reason": {"$ne": "perhaps_sent"}}


async def why(recipient: str, notice: str) -> Row | None:
    """The notice with its deliveries, attempts and receipts, and what is registered on those phones now; None where there is none.

    No parameter of the notice and no address of a phone is in it: an operator needs neither.
    """
    phones = {
        "$lookup": {
            "from": "push_targets",
            "localField": "deliveries.installation",
            "foreignField": "_id",
            "pipeline": [{"$project": {"platform": 1, "active": 1, "epoch": 1, "refreshed_at": 1, "retired_reason": 1}}],
            "as": "phones",
        }
    }
    deliveries = {"$lookup": {"from": "deliveries", "localField": "_id", "foreignField": "notice", "as": "deliveries"}}
    shown = {"params": 0, "outbox": 0, "deliveries.recipient": 0, "deliveries.group": 0}
    found = await InboxItem.get_pymongo_collection().aggregate(
        [{"$match": {"_id": {"$eq": notice}, "recipient": {"$eq": recipient}}}, deliveries, phones, {"$project": shown}]
    )
    rows: list[Row] = await found.to_list(1)
    return rows[0] if rows else None


async def dead(limit: int = 100) -> list[Row]:
    """The failed deliveries, newest first."""
    found = Delivery.get_pymongo_collection().find(DEAD, {"recipient": 0, "group": 0}).sort("finished_at", -1).limit(limit)
    return await found.to_list()


async def replay(delivery: str) -> bool:
    """Let a failed delivery begin anew, its past kept; False where it is not a failed one."""
    again = {
        "state": "pending",
        "tries": 0,
        "due": "$$NOW",
        "version": {"$add": ["$version", 1]},
        "reason": "$$REMOVE",
        "finished_at": "$$REMOVE",
        "lease": "$$REMOVE",
        "passed": [],
        "begun": "$$REMOVE",
    }
    done = await Delivery.get_pymongo_collection().update_one({"_id": {"$eq": delivery}, **REPLAYABLE}, [{"$set": again}])
    return done.modified_count == 1
