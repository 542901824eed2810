"""What uploads hold about a citizen: files nobody has taken yet. What was attached belongs to where it was attached."""

from datetime import datetime
from typing import Any

from backend.uploads import states
from backend.uploads.documents import Upload
from kernel.slice import PersonalData

_SHOWN = {"_id": 0, "name": 1, "state": 1, "purpose": 1, "length": 1, "sha256": 1, "created_at": 1, "refused_for": 1, "file": 1}


def _unattached(subject: str) -> dict[str, Any]:
    return {"owner": {"$eq": subject}, "state": {"$ne": states.ATTACHED}}


async def _export(subject: str) -> list[dict[str, Any]]:
    return await Upload.get_pymongo_collection().find(_unattached(subject), _SHOWN).sort("created_at", 1).to_list()


async def _erase(subject: str, now: datetime) -> int:
    """They end at once; the worker's next look clears their bytes away. A receipt of something attached tells nothing any more."""
    over = {"$set": {"state": states.EXPIRED, "expires_at": now}, "$unset": {"key": "", "tail": "", "writer": "", "check": ""}}
    uploads = Upload.get_pymongo_collection()
    ended = await uploads.update_many({**_unattached(subject), "state": {"$nin": [states.ATTACHED, states.EXPIRED]}}, over)
    receipts = await uploads.delete_many({"owner": {"$eq": subject}, "state": states.ATTACHED})
    return ended.modified_count + receipts.deleted_count


PERSONAL_DATA = PersonalData("uploads", "Tệp đã tải lên", "Uploaded files", _export, _erase)
