"""Reading reports: projections straight into plain rows, within what the actor may see."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any

from backend.feedback import code as codes
from backend.feedback.documents import Feedback, StaffNote, visible_to
from backend.feedback.errors import FeedbackFileNotFound, FeedbackNotFound, FollowCodeUnknown
from kernel.http.paging import decode_cursor, encode_cursor
from kernel.mongo.reads import Fields, Reads, Row
from kernel.principal import Principal

COLLECTION, NOTES = Feedback.Settings.name, StaffNote.Settings.name

_SUMMARY = {
    "code": 1,
    "client_id": 1,
    "kind": 1,
    "category": 1,
    "urgency": 1,
    "state": 1,
    "state_at": 1,
    "received_at": 1,
    "updated_at": 1,
    "due_at": 1,
    "version": 1,
}
_ROUTED = {"category": 1, "commune": 1, "agency": 1}
# A queue opens nothing that is sealed: it says what there is to do, not for whom.
_IN_THE_QUEUE = {
    **_SUMMARY,
    "desk": 1,
    "agency": 1,
    "officer": 1,
    "commune": 1,
    "nobody_on_duty": 1,
    "escalated_at": 1,
    "round": 1,
    "followers": 1,
}
# The key of a file is opened for a download and for nothing else.
_MACHINERY = {
    "outbox": 0,
    "relay": 0,
    "follow_hash": 0,
    "seen_by": 0,
    "queue_at": 0,
    "times_out_at": 0,
    "files.file.key": 0,
    "timeline.operation": 0,
    "ratings.operation": 0,
}
# By what a copy of a report is told from the present one, and whose it is: nothing that would have to be opened.
MARKED = {
    "version": 1,
    "reporter": 1,
    "desk": 1,
    "agency": 1,
    "state": 1,
    "state_at": 1,
    "due_at": 1,
    "promises": 1,
    "updated_at": 1,
    "queue_at": 1,
}
_VERSION = {"version": 1}
# The citizen knows who they are; the key to the report is theirs.
_OWN = {**_MACHINERY, "reporter_name": 0, "reporter_phone": 0, "draft": 0, "followers": 0}
_FOR_STAFF = {**_MACHINERY, "follow_secret": 0}
_CONCERNED = {"reporter": 1, "desk": 1, "agency": 1}
# What somebody with the secret sees, and the steps in which the citizen speaks are none of it.
_FOLLOWED = {
    "code": 1,
    "kind": 1,
    "category": 1,
    "urgency": 1,
    "state": 1,
    "state_at": 1,
    "received_at": 1,
    "promises": 1,
    "timeline": 1,
}
_LATEST_FIRST = [("updated_at", -1), ("_id", -1)]
_DUE_FIRST = [("queue_at", 1), ("_id", 1)]
_OLDEST_FIRST = [("at", 1)]
MOST_NOTES = 200
_NOBODY = codes.fingerprint(codes.new_secret())


async def own_page(
    reads: Reads, actor: Principal, *, limit: int, cursor: str | None, shown: Fields | None = None
) -> tuple[list[Row], str | None]:
    """One page of the citizen's reports, the latest change first.

    Raises:
        CursorMalformed.
    """
    wanted: list[dict[str, Any]] = [visible_to(actor)]
    if cursor:
        at, last_id = decode_cursor(cursor, [datetime, str])
        wanted.append({"$or": [{"updated_at": {"$lt": at}}, {"updated_at": at, "_id": {"$lt": last_id}}]})
    rows = await reads.many(COLLECTION, {"$and": wanted}, shown=shown or _SUMMARY, sort=_LATEST_FIRST, limit=limit + 1)
    return _page(rows, limit, "updated_at")


def queue_filter(
    actor: Principal, *, state: str | None = None, category: str | None = None, agency: str | None = None, unassigned: bool = False
) -> dict[str, Any]:
    """What is in an official's queue: what is open, unless a state is asked for."""
    return {
        **visible_to(actor),
        **({"state": {"$eq": state}} if state else {"open": True}),
        **({"category": {"$eq": category}} if category else {}),
        **({"agency": {"$eq": agency}} if agency else {}),
        **({"assignee": {"$exists": False}} if unassigned else {}),
    }


async def queue(
    reads: Reads, wanted: dict[str, Any], *, limit: int, cursor: str | None, shown: Fields | None = None
) -> tuple[list[Row], str | None]:
    """One page of a queue, what is due first in front; what has no running clock stands last.

    Raises:
        CursorMalformed.
    """
    conditions = [wanted]
    if cursor:
        at, last_id = decode_cursor(cursor, [datetime, str])
        conditions.append({"$or": [{"queue_at": {"$gt": at}}, {"queue_at": at, "_id": {"$gt": last_id}}]})
    usual = {**_IN_THE_QUEUE, "queue_at": 1}
    rows = await reads.many(COLLECTION, {"$and": conditions}, shown=shown or usual, sort=_DUE_FIRST, limit=limit + 1)
    return _page(rows, limit, "queue_at")


def _page(rows: list[Row], limit: int, by: str) -> tuple[list[Row], str | None]:
    if len(rows) <= limit:
        return rows, None
    return rows[:limit], encode_cursor(rows[limit - 1][by], rows[limit - 1]["_id"])


async def own_report(reads: Reads, actor: Principal, feedback_id: str, shown: Fields | None = None) -> Row:
    """A whole report, as its citizen may see it; with `continued_by`, the report it was merged into. One read.

    Raises:
        FeedbackNotFound: there is none, or it is not this actor's.
    """
    other = {"from": COLLECTION, "localField": "merged_into", "foreignField": "_id", "as": "continued_by"}
    of_it = [{"$project": dict(_VERSION if shown else _OWN)}]
    return await _with(reads, actor, feedback_id, shown or _OWN, {**other, "pipeline": of_it})


async def staff_report(reads: Reads, actor: Principal, feedback_id: str, shown: Fields | None = None) -> Row:
    """A whole report with the `notes` about it, oldest first. One read.

    Raises:
        FeedbackNotFound: there is none, or it is not this actor's to see.
    """
    notes = {"from": NOTES, "localField": "_id", "foreignField": "feedback", "as": "notes"}
    oldest_first = [{"$sort": dict(_OLDEST_FIRST)}, {"$limit": MOST_NOTES}, *([{"$project": dict(_VERSION)}] if shown else [])]
    return await _with(reads, actor, feedback_id, shown or _FOR_STAFF, {**notes, "pipeline": oldest_first})


async def _with(reads: Reads, actor: Principal, feedback_id: str, shown: Fields, more: Fields) -> Row:
    wanted = {"_id": {"$eq": feedback_id}, **visible_to(actor)}
    # What comes with the report is looked up before the report is cut down: a projection of either kind leaves it in.
    kept = {**shown, more["as"]: 1} if 1 in shown.values() else shown
    rows = await reads.through(COLLECTION, [{"$match": wanted}, {"$lookup": more}, {"$project": dict(kept)}])
    if not rows:
        raise FeedbackNotFound
    return rows[0]


async def among(reads: Reads, actor: Principal, ids: Sequence[str]) -> list[Row]:
    """Those of these reports that are the citizen's own, without anything that would have to be opened."""
    wanted = {"_id": {"$in": list(ids)}, **visible_to(actor)}
    return await reads.many(COLLECTION, wanted, shown=_SUMMARY, sort=[("_id", 1)], limit=len(ids))


async def file_row(reads: Reads, actor: Principal, feedback_id: str, upload_id: str) -> Row:
    """One file of a report with what opens it, under `file`, and whose the report is.

    A citizen gets what they sent and what they were answered with; not what an answer shows that has not gone out.

    Raises:
        FeedbackNotFound: there is no such report, or it is not this actor's to see.
        FeedbackFileNotFound: it has no such file, or none that this actor may see.
    """
    told = {"uploads": 1, "timeline.uploads": 1}
    shown = {**_CONCERNED, **told, "files": {"$elemMatch": {"upload": {"$eq": upload_id}}}}
    wanted = {"_id": {"$eq": feedback_id}, **visible_to(actor)}
    rows = await reads.many(COLLECTION, wanted, shown=shown, sort=[("_id", 1)], limit=1)
    if not rows:
        raise FeedbackNotFound
    row = rows[0]
    public = [*row["uploads"], *(upload for entry in row["timeline"] for upload in entry["uploads"])]
    if not row.get("files") or (actor.kind == "citizen" and upload_id not in public):
        raise FeedbackFileNotFound
    return {**row, "file": row["files"][0]["file"]}


async def concerned(reads: Reads, actor: Principal, feedback_id: str) -> Row:
    """Whose a report is and where it lies, without opening anything.

    Raises:
        FeedbackNotFound: there is none, or it is not this actor's to see.
    """
    hidden = {"_id": {"$eq": feedback_id}, **visible_to(actor)}
    found = await reads.many(COLLECTION, hidden, shown=_CONCERNED, sort=[("_id", 1)], limit=1)
    if not found:
        raise FeedbackNotFound
    return found[0]


async def followed(reads: Reads, raw_code: str, secret: str) -> Row:
    """A report by code and secret. A wrong secret and a code that nobody has cannot be told apart, nor by the time it takes.

    Raises:
        FollowCodeMalformed, FollowCodeUnknown.
    """
    wanted = {"code": {"$eq": codes.normalise(raw_code)}}
    found = await reads.many(COLLECTION, wanted, shown={"follow_hash": 1}, sort=[("_id", 1)], limit=1)
    # Nothing sealed is opened before the secret fits, so that the time it takes says nothing.
    stored = bytes(found[0]["follow_hash"]) if found and "follow_hash" in found[0] else _NOBODY
    if not codes.fits(secret, stored):
        raise FollowCodeUnknown
    [row] = await reads.many(COLLECTION, wanted, shown=_FOLLOWED, sort=[("_id", 1)], limit=1)
    return row


async def routed(since: datetime) -> AsyncIterator[Row]:
    """What every report received since then was routed by, and to which agency it was given: an operator's question."""
    async for row in Feedback.get_pymongo_collection().find({"received_at": {"$gte": since}}, _ROUTED):
        yield row
