"""What the console reads by itself: versions and counts, which name nobody; all within what the official may see."""

from datetime import datetime
from typing import Any

from backend.feedback import queries
from backend.feedback.documents import visible_to
from kernel.http.conditional import digest
from kernel.mongo.reads import Reads, Row
from kernel.principal import Principal
from notifications.delivery import inquiry

MOST_NOTICES = 20
REPORTS = queries.COLLECTION
_STANDING = {"version": 1, "state": 1, "queue_at": 1}


async def standing(reads: Reads, official: Principal, report: str) -> Row | None:
    """In which version and state a report is; None when it is not theirs to see."""
    wanted = {"_id": {"$eq": report}, **visible_to(official)}
    found = await reads.many(REPORTS, wanted, shown=_STANDING, sort=[("_id", 1)], limit=1)
    return found[0] if found else None


async def first_page(reads: Reads, official: Principal, filters: dict[str, Any], limit: int) -> str:
    """A short name for what stands on the first page of a queue: another one as soon as anything there is another."""
    rows, _ = await queries.queue(reads, queries.queue_filter(official, **filters), limit=limit, cursor=None, shown=_STANDING)
    return digest(*((row["_id"], row["version"]) for row in rows))


async def notices(reads: Reads, citizen: str, link: str) -> list[Row]:
    """What a citizen was told of one case, the latest first, each with its deliveries; nothing that would have to be opened."""
    wanted = {"recipient": {"$eq": citizen}, "link": {"$eq": link}}
    found = await reads.many("inbox", wanted, shown={"_id": 1}, sort=[("created_at", -1), ("_id", -1)], limit=MOST_NOTICES)
    ways = [await inquiry.why(citizen, row["_id"]) for row in found]
    return [way for way in ways if way]


async def figures(reads: Reads, official: Principal, now: datetime) -> Row:
    """How many reports stand where, how many are late, and how their answers were found."""
    late = {"$and": ["$open", {"$lt": [{"$ifNull": ["$due_at", now]}, now]}]}
    count = {"$sum": 1}
    stages: list[dict[str, Any]] = [
        {"$match": visible_to(official)},
        {"$project": {"state": 1, "open": 1, "category": 1, "due_at": 1, "nobody_on_duty": 1, "escalated_at": 1, "ratings": 1}},
        {
            "$facet": {
                "states": [{"$group": {"_id": "$state", "many": count}}],
                "categories": [
                    {"$group": {"_id": "$category", "many": count, "open": _how_many("$open"), "late": _how_many(late)}}
                ],
                "open": [
                    {"$match": {"open": True}},
                    {
                        "$group": {
                            "_id": None,
                            "many": count,
                            "late": _how_many(late),
                            "nobody": _how_many("$nobody_on_duty"),
                            "escalated": _how_many({"$gt": ["$escalated_at", None]}),
                        }
                    },
                ],
                "answered": [{"$match": {"state": {"$in": ["answered", "closed"]}}}, {"$count": "many"}],
                "ratings": [
                    {"$unwind": "$ratings"},
                    {
                        "$group": {
                            "_id": None,
                            "many": count,
                            "liked": _how_many("$ratings.liked"),
                            "stars": {"$avg": "$ratings.stars"},
                        }
                    },
                ],
            }
        },
    ]
    return (await reads.through(REPORTS, stages))[0]


def _how_many(condition: Any) -> dict[str, Any]:
    return {"$sum": {"$cond": [condition, 1, 0]}}
