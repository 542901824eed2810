"""What reports hold about a citizen, and how they live on without: what was broken stays on file, unreadable as to who said so."""

from datetime import datetime
from typing import Any

from backend.feedback.actions.coarsen_places import coarsen_places
from backend.feedback.documents import Feedback, StaffNote
from backend.feedback.place_consent import PRECISE_PLACE
from backend.uploads.actions.forget_receipts import forget_receipts
from kernel.slice import PersonalData, only

# What a report consists of for whoever sent it: what they told, and what they were told.
_OWN = (
    *(
        "code",
        "kind",
        "category",
        "urgency",
        "text",
        "landmark",
        "place",
        "spot",
        "commune",
        "public",
        "observed_at",
        "received_at",
    ),
    *("reporter_name", "reporter_phone", "anonymous_to_staff", "state", "state_at", "updated_at", "agency", "due_at", "promises"),
    *("round", "reopenings", "ratings", "uploads", "files"),
    *("timeline.at", "timeline.state", "timeline.by", "timeline.agency", "timeline.officer", "timeline.code"),
    *("timeline.text", "timeline.why_no_picture", "timeline.uploads"),
)
# Of somebody else's, what every neighbour may see.
_FOLLOWED = ("code", "category", "commune", "state", "state_at", "received_at", "spot", "public")


async def export(subject: str) -> list[dict[str, Any]]:
    """Every report of the citizen with its history, its files and their ratings; and what they follow of others'."""
    reports = Feedback.get_pymongo_collection()
    own = reports.find({"reporter": {"$eq": subject}}, only(_OWN)).sort("received_at", -1)
    followed = reports.find({"followers": {"$eq": subject}}, only(_FOLLOWED)).sort("received_at", -1)
    return [
        *[{"what": "report", **_with_files_shown(row)} async for row in own],
        *[{"what": "followed", **row} async for row in followed],
    ]


def _with_files_shown(row: dict[str, Any]) -> dict[str, Any]:
    """Its files without those of an answer that has not gone out."""
    shown = {*row["uploads"], *(upload for entry in row["timeline"] for upload in entry["uploads"])}
    return {**row, "files": [one for one in row["files"] if one["upload"] in shown]}


async def erase(subject: str, now: datetime) -> int:
    """Cut the citizen's reports loose from them, and them from what they follow.

    The sealed fields stay: without the citizen's key they say nothing. The follow code opens nothing any more. A picture an
    official took of what was reported is sealed with the report; its receipt, by which they could still load it back, goes.
    """
    collection = Feedback.get_pymongo_collection()
    # Before the reports are cut loose, so that whoever comes after a crash still finds them.
    await forget_receipts(await collection.distinct("files.upload", {"reporter": {"$eq": subject}}))
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
    "feedback",
    "Phản ánh, kiến nghị",
    "Reports",
    export,
    erase,
    withdrawals={PRECISE_PLACE: coarsen_places},
    told={Feedback: _OWN},
)
