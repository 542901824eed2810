"""A request takes the right to write to an upload. The newest one has it: a telephone whose connection died comes back at once.

The right is a fencing token in the upload itself. Whoever wrote before is not asked: its next write finds another token and moves
nothing, and what it had not stored yet the newer request sends anyway, because that begins at the offset that is stored.
"""

import base64
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pymongo import ReturnDocument

from backend.uploads import states
from backend.uploads.documents import Upload, own
from backend.uploads.errors import OffsetMismatch, UploadExpired, UploadInterrupted, UploadNotFound
from kernel.ids import new_id
from kernel.mongo.arriving import Segments, open_tail, seal_tail, whole
from kernel.mongo.files import FileErased
from kernel.principal import Principal
from kernel.privacy.vault import Erased, Vault

Row = dict[str, Any]


@dataclass
class Writer:
    """The right to write to one upload, and how far it has come. `stored` is what everybody sees, `offset` what is kept in all."""

    upload_id: str
    token: str
    key: bytes
    length: int
    stored: int
    offset: int
    count: int
    tail: bytes
    segments: Segments
    unseen: list[str] = field(default_factory=list)

    async def keep(self, content: bytes, *, now: datetime) -> None:
        """Store what fills segments, hold the rest. Nobody sees it before `show`."""
        full, self.tail = whole(self.tail + content)
        names = await self.segments.keep(self.upload_id, self.key, self.count + len(self.unseen), full, now=now)
        self.unseen += names
        self.offset += len(content)

    async def show(self, *, now: datetime) -> None:
        """Move offset, segments and tail in one write: from now on these bytes have been received.

        Raises:
            UploadInterrupted: somebody else writes, or nobody may any more; nothing has been moved.
        """
        if self.offset == self.stored:
            return
        count = self.count + len(self.unseen)
        update: Row = {
            "$set": {"offset": self.offset, "tail": seal_tail(self.key, self.upload_id, count, self.tail)},
            "$push": {"segments": {"$each": self.unseen}},
        }
        if self.offset == self.length:
            complete = states.UPLOAD.find("complete", states.RECEIVING).target
            update["$set"] |= {"state": complete, "completed_at": now}
            # News for whoever checks.
            update["$inc"] = {"version": 1}
        mine = {"_id": self.upload_id, "writer": self.token, "offset": self.stored, "state": states.RECEIVING}
        done = await Upload.get_pymongo_collection().update_one(mine, update)
        if not done.matched_count:
            raise UploadInterrupted
        self.stored, self.count, self.unseen = self.offset, count, []


async def claim(actor: Principal, upload_id: str, offset: int, *, now: datetime, vault: Vault, segments: Segments) -> Writer | None:
    """The right to go on from `offset`; None where the upload is complete and that is its end.

    Raises:
        UploadNotFound, UploadExpired, OffsetMismatch.
        FileErased: its owner's data have been erased.
    """
    free = {**own(actor, upload_id), "state": states.RECEIVING, "offset": {"$eq": offset}, "expires_at": {"$gt": now}}
    token, uploads = new_id(), Upload.get_pymongo_collection()
    row = await uploads.find_one_and_update(free, {"$set": {"writer": token}}, return_document=ReturnDocument.AFTER)
    if row is None:
        _check(await uploads.find_one(own(actor, upload_id)), offset, now)
        return None
    opened = await vault.open_one(row["key"])
    if isinstance(opened, Erased):
        raise FileErased
    key, count = base64.b64decode(opened), len(row["segments"])
    tail = open_tail(key, upload_id, count, row["tail"]) if "tail" in row else b""
    return Writer(upload_id, token, key, row["length"], offset, offset, count, tail, segments)


def _check(row: Row | None, offset: int, now: datetime) -> None:
    if row is None:
        raise UploadNotFound
    if states.is_over(row["state"], row["expires_at"], now):
        raise UploadExpired
    if row["offset"] != offset:
        raise OffsetMismatch(headers={"upload-offset": str(row["offset"])})
    if row["state"] == states.RECEIVING:
        # It moved there between the two looks.
        raise UploadInterrupted
