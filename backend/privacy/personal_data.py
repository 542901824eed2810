"""What this room itself holds about a citizen: their decisions and their requests."""

from datetime import datetime
from typing import Any

from backend.privacy import states
from backend.privacy.documents import Consent, ErasureRequest, Export, mine
from kernel.slice import PersonalData

_DECISION = {"_id": 0, "purpose": 1, "granted": 1, "text_version": 1, "at": 1, "channel": 1}
_REQUEST = {"_id": 0, "state": 1, "requested_at": 1, "reason": 1, "extension_reason": 1, "closed_at": 1}


async def _consents(subject: str) -> list[dict[str, Any]]:
    return await Consent.get_pymongo_collection().find(mine(subject), _DECISION).sort("at", 1).to_list()


async def _requests(subject: str) -> list[dict[str, Any]]:
    return await ErasureRequest.get_pymongo_collection().find(mine(subject), _REQUEST).sort("requested_at", 1).to_list()


async def _keep(_subject: str, _now: datetime) -> int:
    # Decisions and requests prove that the law was followed; they name nobody but the opaque subject.
    return 0


async def _withdraw_archives(subject: str, _now: datetime) -> int:
    """An archive waiting to be taken is a copy of everything: it goes too."""
    alive = {**mine(subject), "$or": [{"open": {"$exists": True}}, {"file": {"$exists": True}}]}
    gone = {"$set": {"state": states.EXPIRED}, "$unset": {"file": "", "open": ""}, "$inc": {"version": 1}}
    return (await Export.get_pymongo_collection().update_many(alive, gone)).modified_count


async def _no_rows(_subject: str) -> list[dict[str, Any]]:
    return []


PERSONAL_DATA = (
    PersonalData("consents", "Đồng ý xử lý dữ liệu", "Consents", _consents, _keep),
    PersonalData("erasure_requests", "Yêu cầu xóa dữ liệu", "Requests for erasure", _requests, _keep),
    PersonalData("exports", "Bản sao dữ liệu", "Exports", _no_rows, _withdraw_archives),
)
