"""What dossiers hold about a citizen, and how they live on without: the law keeps the case, unreadable as to the person."""

from datetime import datetime
from typing import Any

from backend.dossiers import states
from backend.dossiers.documents import Dossier, own_subject
from kernel.slice import PersonalData, only

_TOLD = (
    *("code", "procedure_code", "procedure_name", "applicant_name", "receiving_agency", "deciding_agency", "submit_channel"),
    *("status", "status_at", "accepted_at", "promise", "due_at", "finished_at", "updated_at", "result"),
    *("timeline.at", "timeline.status", "timeline.agency", "timeline.note", "timeline.due_at"),
    *("prolonged.at", "prolonged.before", "prolonged.until", "prolonged.document", "prolonged.reason"),
    *("supplements.at", "supplements.reason", "supplements.items", "supplements.respond_by", "supplements.supplied_at"),
    *("rating.at", "rating.changed_at", "rating.stars", "rating.reasons", "rating.text"),
)
# While one of these goes on, the state still has to reach its citizen.
_OPEN = [name for name, status in states.STATUSES.items() if not status.terminal]


async def export(subject: str) -> list[dict[str, Any]]:
    """Every dossier of the citizen with its history, its papers and its result file."""
    found = Dossier.get_pymongo_collection().find({"applicant": {"$eq": subject}}, only(_TOLD))
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


PERSONAL_DATA = PersonalData("dossiers", "Hồ sơ thủ tục hành chính", "Dossiers", export, erase, told={Dossier: _TOLD})
