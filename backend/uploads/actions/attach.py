"""What the slices above call: these uploads are part of that document now. All or none, once, and the same when asked again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pymongo.asynchronous.client_session import AsyncClientSession

from backend.uploads import states
from backend.uploads.documents import Upload, own
from backend.uploads.errors import UploadAttached, UploadExpired, UploadNotFound, UploadNotReady, UploadPurposeDiffers
from backend.uploads.limits import RECEIPT_FOR
from kernel.mongo.files import StoredFile
from kernel.principal import Principal
from kernel.privacy.vault import Vault


async def attach(
    actor: Principal, upload_ids: Sequence[str], purpose: str, *, to: str, vault: Vault, now: datetime
) -> list[StoredFile]:
    """The files, in the order asked for, to be kept in the document `to` (for example `feedback:<id>`).

    Their names and keys come in the clear, so that the document seals them under its own citizen's key when it is committed. Call
    this before that commit: should the commit fail, the same call with the same `to` answers the same files.

    Raises:
        UploadNotFound: one of them is not the actor's.
        UploadNotReady: one has not been checked, or has been refused.
        UploadAttached: one belongs to something else.
        UploadPurposeDiffers: one was begun for something else.
        UploadExpired: one was not used in time.
        VaultUnavailable: nothing has been attached.
    """
    wanted = list(dict.fromkeys(upload_ids))

    async def all_or_none(session: AsyncClientSession) -> list[dict[str, Any]]:
        return [await _attach_one(actor, upload_id, purpose, to, now, session) for upload_id in wanted]

    async with Upload.get_pymongo_collection().database.client.start_session() as session:
        rows = await session.with_transaction(all_or_none)
    return [StoredFile.model_validate(await vault.unsealed(row)) for row in rows]


async def _attach_one(
    actor: Principal, upload_id: str, purpose: str, to: str, now: datetime, session: AsyncClientSession
) -> dict[str, Any]:
    uploads, mine = Upload.get_pymongo_collection(), own(actor, upload_id)
    row = await uploads.find_one(mine, session=session)
    _check(row, purpose, to, now)
    assert row
    if row["state"] != states.ATTACHED:
        state = states.UPLOAD.find("attach", row["state"]).target
        taken = {"state": state, "attached_to": to, "expires_at": now + RECEIPT_FOR}
        # Two at the same moment: the second one's transaction fails here, and is tried again.
        await uploads.update_one(mine, {"$set": taken, "$inc": {"version": 1}}, session=session)
    file: dict[str, Any] = row["file"]
    return file


def _check(row: dict[str, Any] | None, purpose: str, to: str, now: datetime) -> None:
    if row is None:
        raise UploadNotFound
    if row["state"] == states.ATTACHED:
        if row["attached_to"] != to:
            raise UploadAttached
        return
    if row["state"] == states.EXPIRED or (row["state"] == states.READY and row["expires_at"] <= now):
        raise UploadExpired
    if row["state"] != states.READY:
        raise UploadNotReady
    if row["purpose"] not in ("", purpose):
        raise UploadPurposeDiffers
