"""Write down how long every chain is: what is cut off or written anew afterwards shows."""

from datetime import date, datetime, timedelta

from pymongo import ASCENDING, DESCENDING
from pymongo.errors import DuplicateKeyError

from backend.audit.chain import ANCHORS, Row, genesis, sealed
from backend.audit.documents import AuditTrail
from backend.audit.second_copy import SecondCopy
from kernel.clock import VIETNAM

# Two machines need not agree on when midnight was, so the day before the last anchor's is looked at once more.
LOOK_BACK = timedelta(days=1)


async def anchor(trail: AuditTrail, *, now: datetime, copy: SecondCopy | None = None) -> Row | None:
    """The next anchor, or None when no chain has grown since the last one, or another worker was faster."""
    last = await trail.anchors.find_one(sort=[("_id", DESCENDING)])
    heads = await _heads(trail, since=_looked_at_since(last))
    if not any(head not in (last or {}).get("heads", []) for head in heads):
        return None
    seq, before = (last["seq"] + 1, last["hash"]) if last else (1, genesis(ANCHORS))
    day = now.astimezone(VIETNAM).date().isoformat()
    row = sealed({"_id": seq, "seq": seq, "at": now, "day": day, "heads": heads}, before)
    try:
        await trail.anchors.insert_one(row)
    except DuplicateKeyError:
        return None
    if copy:
        await copy.append([row])
    return row


def _looked_at_since(last: Row | None) -> str:
    return "" if last is None else (date.fromisoformat(last["day"]) - LOOK_BACK).isoformat()


async def _heads(trail: AuditTrail, *, since: str) -> list[Row]:
    """The head of every chain of these days, in the order of their names."""
    found = await trail.records.aggregate(
        [
            {"$match": {"day": {"$gte": since}}},
            {"$sort": {"day": ASCENDING, "chain": ASCENDING, "seq": ASCENDING}},
            {"$group": {"_id": {"day": "$day", "chain": "$chain"}, "count": {"$last": "$seq"}, "hash": {"$last": "$hash"}}},
            {"$sort": {"_id.day": ASCENDING, "_id.chain": ASCENDING}},
        ]
    )
    return [{**row["_id"], "count": row["count"], "hash": row["hash"]} async for row in found]
