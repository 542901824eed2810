"""What reports hold about a citizen, and how they live on without: what was broken stays on file, unreadable as to who said so."""

from datetime import datetime
from typing import Any

from backend.feedback.actions.coarsen_places import coarsen_places
from backend.feedback.documents import Feedback, StaffNote
from backend.feedback.place_consent import PRECISE_PLACE
from kernel.slice import PersonalData

_SHOWN = {
    "_id": 0,
    "code": 1,
    "kind": 1,
    "category": 1,
    "text": 1,
    "landmark": 1,
    "place": 1,
    "commune": 1,
    "reporter_name": 1,
    "reporter_phone": 1,
    "anonymous_to_staff": 1,
    "observed_at": 1,
    "received_at": 1,
    "state": 1,
    "timeline.at": 1,
    "timeline.state": 1,
    "timeline.text": 1,
    "ratings.at": 1,
    "ratings.liked": 1,
    "ratings.stars": 1,
    "ratings.text": 1,
}


async def export(subject: str) -> list[dict[str, Any]]:
    """Every report of the citizen with its history and their ratings."""
    found = Feedback.get_pymongo_collection().find({"reporter": {"$eq": subject}}, _SHOWN)
    return await found.sort("received_at", -1).to_list()


async def erase(subject: str, now: datetime) -> int:
    """Cut the citizen's reports loose from them, and them from what they follow.

    The sealed fields stay: without the citizen's key they say nothing. The follow code opens nothing any more.
    """
    collection = Feedback.get_pymongo_collection()
    own = await collection.update_many(
        {"reporter": {"$eq": subject}},
        {
            "$unset": {"reporter": "", "follow_hash": "", "follow_secret": "", "client_id": ""},
            "$set": {"erased_at": now},
            "$inc": {"version": 1},
        },
    )
    notes = {"$unset": {"subject": ""}, "$inc": {"version": 1}}
    await StaffNote.get_pymongo_collection().update_many({"subject": {"$eq": subject}}, notes)
    followed = await collection.update_many(
        {"followers": {"$eq": subject}}, {"$pull": {"followers": subject}, "$inc": {"version": 1}}
    )
    return own.modified_count + followed.modified_count


PERSONAL_DATA = PersonalData(
    "feedback", "Phản ánh, kiến nghị", "Reports", export, erase, withdrawals={PRECISE_PLACE: coarsen_places}
)
