"""What this room itself holds about a citizen: their decisions and their requests."""

from datetime import datetime
from typing import Any

from backend.privacy import states
from backend.privacy.documents import Consent, DataRequest, ErasureRequest, Export, mine
from backend.privacy.purposes import SAID
from kernel.slice import PersonalData, only

_DECISION = ("purpose", "granted", "text_version", "at", "channel")
_REQUEST = (
    *("state", "requested_at", "acknowledge_by", "due_by", "waits_until", "extended_at", "extension_reason", "reason"),
    *("open_cases", "closed_at", "history.state", "history.at"),
)
_ASKED = (
    *("kind", "wish", "purpose", "state", "requested_at", "acknowledge_by", "due_by", "extended_at", "extension_reason"),
    *("reason", "closed_at", "history.state", "history.at"),
)
_EXPORT = ("state", "requested_at", "due_by", "expires_at", "taken_at")


async def _consents(subject: str) -> list[dict[str, Any]]:
    """Every decision with the very text it was about, also where that has changed since."""
    rows = await Consent.get_pymongo_collection().find(mine(subject), only(_DECISION)).sort("at", 1).to_list()
    return [{**row, "text": said.vi.text} if (said := SAID.get(row["text_version"])) else row for row in rows]


async def _requests(subject: str) -> list[dict[str, Any]]:
    return await ErasureRequest.get_pymongo_collection().find(mine(subject), only(_REQUEST)).sort("requested_at", 1).to_list()


async def _asked(subject: str) -> list[dict[str, Any]]:
    return await DataRequest.get_pymongo_collection().find(mine(subject), only(_ASKED)).sort("requested_at", 1).to_list()


async def _exports(subject: str) -> list[dict[str, Any]]:
    return await Export.get_pymongo_collection().find(mine(subject), only(_EXPORT)).sort("requested_at", 1).to_list()


async def _keep(_subject: str, _now: datetime) -> int:
    # Decisions and requests prove that the law was followed; they name nobody but the opaque subject.
    return 0


async def _withdraw_archives(subject: str, _now: datetime) -> int:
    """An archive waiting to be taken is a copy of everything: it goes too."""
    alive = {**mine(subject), "$or": [{"open": {"$exists": True}}, {"file": {"$exists": True}}]}
    gone = {"$set": {"state": states.EXPIRED}, "$unset": {"file": "", "open": ""}, "$inc": {"version": 1}}
    return (await Export.get_pymongo_collection().update_many(alive, gone)).modified_count


PERSONAL_DATA = (
    PersonalData("consents", "Đồng ý xử lý dữ liệu", "Consents", _consents, _keep, told={Consent: _DECISION}),
    PersonalData(
        "erasure_requests", "Yêu cầu xóa dữ liệu", "Requests for erasure", _requests, _keep, told={ErasureRequest: _REQUEST}
    ),
    PersonalData("data_requests", "Yêu cầu về dữ liệu", "Requests about data", _asked, _keep, told={DataRequest: _ASKED}),
    PersonalData("exports", "Bản sao dữ liệu", "Exports", _exports, _withdraw_archives, told={Export: _EXPORT}),
)
