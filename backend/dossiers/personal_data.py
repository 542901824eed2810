"""What dossiers hold about a citizen, and how they live on without: the law keeps the case, unreadable as to the person."""

from datetime import datetime
from typing import Any

from backend.dossiers import states
from backend.dossiers.documents import Dossier, own_subject
from kernel.slice import PersonalData

_SHOWN = {
    "code": 1,
    "procedure_code": 1,
    "procedure_name": 1,
    "applicant_name": 1,
    "receiving_agency": 1,
    "deciding_agency": 1,
    "submit_channel": 1,
    "status": 1,
    "accepted_at": 1,
    "due_at": 1,
    "finished_at": 1,
    "timeline.at": 1,
    "timeline.status": 1,
    "timeline.note": 1,
    "prolonged.until": 1,
    "prolonged.reason": 1,
    "supplements.at": 1,
    "supplements.reason": 1,
    "supplements.items": 1,
    "result": 1,
}
# While one of these goes on, the state still has to reach its citizen.
_OPEN = [name for name, status in states.STATUSES.items() if not status.terminal]


async def export(subject: str) -> list[dict[str, Any]]:
    """Every dossier of the citizen with its history and its result file."""
    found = Dossier.get_pymongo_collection().find({"applicant": {"$eq": subject}}, {**_SHOWN, "_id": 0})
    return await found.sort("status_at", -1).to_list()


async def erase(subject: str, now: datetime) -> int:
    """Cut the citizen's dossiers loose from them. The sealed fields stay: without the citizen's key they say nothing.

    Before its citizen was known a dossier was sealed under a key of its own: with that key an old backup could still be read.
    """
    assert Dossier.vault
    async for row in Dossier.get_pymongo_collection().find({"applicant": {"$eq": subject}}, {"_id": 1}):
        await Dossier.vault.erase(own_subject(row["_id"]), now=now)
    done = await Dossier.get_pymongo_collection().update_many(
        {"applicant": {"$eq": subject}},
        {"$unset": {"applicant": "", "name_tokens": ""}, "$set": {"erased_at": now}, "$inc": {"version": 1}},
    )
    return done.modified_count


async def open_cases(subject: str) -> list[str]:
    """The codes of the citizen's dossiers that are still going on."""
    found = Dossier.get_pymongo_collection().find({"applicant": {"$eq": subject}, "status": {"$in": _OPEN}}, {"code": 1})
    return [row["code"] async for row in found]


PERSONAL_DATA = PersonalData("dossiers", "Hồ sơ thủ tục hành chính", "Dossiers", export, erase)
