"""What everybody may read of reports, as lists and one by one: what officers have made public, and no field that is sealed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from backend.feedback.documents import Feedback
from backend.feedback.places import Box
from kernel.mongo.reads import Fields, Reads, Row

COLLECTION = Feedback.Settings.name
# The clause of the partial index `public`.
EVERYBODY_MAY: dict[str, Any] = {"public.at": {"$exists": True}}
# Of the steps only what state they led to and when: what was said in them was said to one citizen.
_SHOWN = {
    "code": 1,
    "category": 1,
    "state": 1,
    "state_at": 1,
    "received_at": 1,
    "updated_at": 1,
    "desk": 1,
    "agency": 1,
    "commune": 1,
    "promises": 1,
    "spot": 1,
    "public.text": 1,
    "timeline.at": 1,
    "timeline.state": 1,
    "version": 1,
}
_LATEST_FIRST = [("received_at", -1)]


async def received_between(
    reads: Reads,
    since: datetime,
    until: datetime | None,
    *,
    categories: Sequence[str] = (),
    is_open: bool | None = None,
    box: Box | None = None,
    limit: int,
    shown: Fields | None = None,
) -> list[Row]:
    """Public reports received from `since` until before `until`, the latest first; with a `box`, those known to be in it."""
    period = {"$gte": since, "$lt": until} if until else {"$gte": since}
    wanted: dict[str, Any] = {**EVERYBODY_MAY, "received_at": period}
    if categories:
        wanted["category"] = {"$in": list(categories)}
    if is_open is not None:
        wanted["open"] = is_open
    if box:
        low, high = box
        wanted["spot.coordinates.0"] = {"$gte": low.lon, "$lte": high.lon}
        wanted["spot.coordinates.1"] = {"$gte": low.lat, "$lte": high.lat}
    return await reads.many(COLLECTION, wanted, shown=shown or _SHOWN, sort=_LATEST_FIRST, limit=limit)


async def with_codes(reads: Reads, codes: Sequence[str], *, limit: int, shown: Fields | None = None) -> list[Row]:
    """Those of these that are public, by their codes."""
    wanted = {"code": {"$in": list(codes)}, **EVERYBODY_MAY}
    return await reads.many(COLLECTION, wanted, shown=shown or _SHOWN, sort=[("code", 1)], limit=limit)


async def changed_since(reads: Reads, since: datetime, *, limit: int, shown: Fields | None = None) -> list[Row]:
    """Public reports of which something has changed since then, the latest change first: a step leaves none unchanged."""
    wanted = {**EVERYBODY_MAY, "updated_at": {"$gte": since}}
    return await reads.many(COLLECTION, wanted, shown=shown or _SHOWN, sort=[("updated_at", -1)], limit=limit)


async def standing(reads: Reads, feedback_id: str) -> Row | None:
    """Whether a report is public, and under which code; None where there is no such report."""
    row = await reads.many(
        COLLECTION, {"_id": {"$eq": feedback_id}}, shown={"code": 1, "public.at": 1, "version": 1}, sort=[("_id", 1)], limit=1
    )
    return row[0] if row else None
