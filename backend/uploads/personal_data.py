"""What uploads hold about a citizen: files nobody has taken yet, and receipts of those that belong to something else by now."""

from datetime import datetime
from typing import Any

from backend.uploads import states
from backend.uploads.documents import Upload
from kernel.slice import PersonalData, only

_TOLD = (
    *("name", "metadata", "declared_type", "state", "purpose", "length", "sha256", "created_at", "completed_at", "expires_at"),
    *("refused_for", "attached_to", "file"),
)


def _unattached(subject: str) -> dict[str, Any]:
    return {"owner": {"$eq": subject}, "state": {"$ne": states.ATTACHED}}


async def _export(subject: str) -> list[dict[str, Any]]:
    """Every upload; the file of one that is attached comes with what it is attached to, once."""
    found = Upload.get_pymongo_collection().find({"owner": {"$eq": subject}}, only(_TOLD)).sort("created_at", 1)
    return [_without_file(row) if row["state"] == states.ATTACHED else row async for row in found]


def _without_file(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "file"}


async def _erase(subject: str, now: datetime) -> int:
    """They end at once; the worker's next look clears their bytes away. A receipt of something attached tells nothing any more."""
    over = {"$set": {"state": states.EXPIRED, "expires_at": now}, "$unset": {"key": "", "tail": "", "writer": "", "check": ""}}
    uploads = Upload.get_pymongo_collection()
    ended = await uploads.update_many({**_unattached(subject), "state": {"$nin": [states.ATTACHED, states.EXPIRED]}}, over)
    receipts = await uploads.delete_many({"owner": {"$eq": subject}, "state": states.ATTACHED})
    return ended.modified_count + receipts.deleted_count


PERSONAL_DATA = PersonalData("uploads", "Tệp đã tải lên", "Uploaded files", _export, _erase, told={Upload: _TOLD})
