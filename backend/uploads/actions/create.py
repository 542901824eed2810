"""An upload begins: its length is known, its key is made, its place is kept. No byte yet."""

import base64
import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from pymongo.errors import DuplicateKeyError

from backend.uploads import states
from backend.uploads.documents import Upload
from backend.uploads.errors import UploadQuotaExceeded, UploadTooLarge
from backend.uploads.limits import MAX_BYTES, MAX_BYTES_A_DAY, UNFINISHED_FOR
from backend.uploads.metadata import Metadata
from kernel.http.idempotency import IdempotencyKeyReused
from kernel.ids import derived_id, new_id
from kernel.principal import Principal
from kernel.privacy.field import Plain

DAY = timedelta(days=1)


async def create(actor: Principal, length: int, metadata: Metadata, *, client_key: str = "", now: datetime) -> tuple[Upload, bool]:
    """The upload, and whether it was there already: the same `client_key` begins one upload however often it is sent.

    Raises:
        UploadTooLarge, UploadQuotaExceeded.
        IdempotencyKeyReused: the key has begun an upload of another length or with other metadata.
    """
    if length > MAX_BYTES:
        raise UploadTooLarge
    fingerprint = _fingerprint(length, metadata)
    upload_id = derived_id("upload", actor.recipient, client_key) if client_key else new_id()
    if client_key and (found := await _found(actor, upload_id, fingerprint)):
        return found, True
    await _within_quota(actor, length, now)
    upload = Upload(
        id=upload_id,
        owner=actor.recipient,
        # Nothing to receive: nothing to wait for.
        state=states.RECEIVING if length else states.UPLOAD.find("complete", states.RECEIVING).target,
        name=Plain(metadata.name),
        metadata=Plain(metadata.raw) if metadata.raw else None,
        declared_type=metadata.media_type,
        purpose=metadata.purpose,
        fingerprint=fingerprint,
        length=length,
        key=Plain(base64.b64encode(secrets.token_bytes(32)).decode()),
        created_at=now,
        expires_at=now + UNFINISHED_FOR,
        completed_at=None if length else now,
    )
    try:
        await upload.commit()
    except DuplicateKeyError:
        # The same request, twice at the same moment.
        found = await _found(actor, upload_id, fingerprint)
        assert found
        return found, True
    return upload, False


async def _found(actor: Principal, upload_id: str, fingerprint: str) -> Upload | None:
    upload = await Upload.find_one({"_id": upload_id, "owner": actor.recipient})
    if upload and upload.fingerprint != fingerprint:
        raise IdempotencyKeyReused
    return upload


def _fingerprint(length: int, metadata: Metadata) -> str:
    # Of a name only a short hash, so that nobody guesses names by it.
    told = "\x1f".join((str(length), metadata.name, metadata.media_type, metadata.purpose))
    return hashlib.sha256(told.encode()).hexdigest()[:8]


async def _within_quota(actor: Principal, length: int, now: datetime) -> None:
    mine = {"owner": {"$eq": actor.recipient}, "created_at": {"$gt": now - DAY}}
    summed: list[dict[str, Any]] = [{"$match": mine}, {"$group": {"_id": None, "bytes": {"$sum": "$length"}}}]
    async for row in await Upload.get_pymongo_collection().aggregate(summed):
        if row["bytes"] + length > MAX_BYTES_A_DAY:
            raise UploadQuotaExceeded
