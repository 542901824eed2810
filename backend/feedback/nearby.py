"""What a citizen sees of others' reports: near by before they send the same, and of what they follow."""

from typing import Any

from backend.feedback import states
from backend.feedback.documents import Feedback
from backend.feedback.neighbours import open_to_neighbours
from backend.feedback.places import Spot
from kernel.mongo.reads import Fields, Reads, Row
from kernel.principal import Principal

COLLECTION = Feedback.Settings.name
MOST_NEARBY, MOST_FOLLOWED = 20, 100
_SHOWN = {
    "code": 1,
    "category": 1,
    "state": 1,
    "state_at": 1,
    "received_at": 1,
    "spot": 1,
    "public": 1,
    "commune": 1,
    "reporter": 1,
    "followers": 1,
    "version": 1,
}


async def near(reads: Reads, here: Spot, *, radius_m: int, category: str | None) -> list[Row]:
    """Open reports around a place, the nearest first, each with its `distance` in metres from the middle of what is known of it."""
    lon, lat = here.public()
    wanted = {**open_to_neighbours(), **({"category": {"$eq": category}} if category else {})}
    around = {"near": {"type": "Point", "coordinates": [lon, lat]}, "distanceField": "distance", "maxDistance": radius_m}
    nearest_first: dict[str, Any] = {"$geoNear": {**around, "query": wanted, "key": "spot"}}
    return await reads.through(COLLECTION, [nearest_first, {"$limit": MOST_NEARBY}, {"$project": {**_SHOWN, "distance": 1}}])


async def followed_by(reads: Reads, actor: Principal, shown: Fields | None = None) -> tuple[list[Row], None]:
    """What the actor follows, the latest change first, with the `answers` the office gave. There is no second page."""
    office = {"$and": [{"$eq": ["$$step.by", "staff"]}, {"$eq": ["$$step.state", states.ANSWERED]}]}
    answers = {"$filter": {"input": "$timeline", "as": "step", "cond": office}}
    latest: list[dict[str, Any]] = [
        {"$match": {"followers": {"$eq": actor.recipient}}},
        {"$sort": {"updated_at": -1, "_id": -1}},
        {"$limit": MOST_FOLLOWED},
    ]
    whole = [{"$project": {**_SHOWN, "answers": answers}}, {"$project": {**_SHOWN, "answers.text": 1}}]
    return await reads.through(COLLECTION, [*latest, *([{"$project": shown}] if shown else whole)]), None
