"""Reading uploads: the owner's own, and none of anybody else's."""

from datetime import datetime
from typing import Any

from backend.uploads import states
from backend.uploads.documents import Upload, own
from backend.uploads.errors import UploadExpired, UploadNotFound
from kernel.http.conditional import Marks
from kernel.mongo.reads import Fields
from kernel.principal import Principal

# What only the store needs to know.
_HIDDEN = {"key": 0, "segments": 0, "tail": 0, "writer": 0, "fingerprint": 0}

# Bytes arrive and checks wait without a new version.
_MOVING = ("state", "offset", "expires_at", "completed_at", "refused_for", "check")
MARKS = Marks({"version": 1, **dict.fromkeys(_MOVING, 1)}, lambda row: [str(row.get(name)) for name in _MOVING])


async def upload_of(actor: Principal, upload_id: str, now: datetime, shown: Fields | None = None) -> dict[str, Any]:
    """An upload of the actor's, with what is personal in it still sealed, or the fields of it that are to be `shown`.

    Raises:
        UploadNotFound, UploadExpired.
    """
    row: dict[str, Any] | None = await Upload.get_pymongo_collection().find_one(own(actor, upload_id), shown or _HIDDEN)
    if row is None:
        raise UploadNotFound
    if states.is_over(row["state"], row["expires_at"], now):
        raise UploadExpired
    return row


async def waiting_for_scanner() -> int:
    """How many uploads nobody can use because no virus scanner answers."""
    return await Upload.get_pymongo_collection().count_documents(
        {"state": states.CHECKING, "check.waiting_for": "scanner_unavailable"}
    )
