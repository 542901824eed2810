"""Files live in GridFS, each under a key of its own; what they hold is never rewritten, so a signature inside stays valid.

The file's key is a personal field of the document that remembers the file: sealed under its citizen's key, gone with it. Content
is encrypted segment by segment (AES-256-GCM, the segment's number and whether it is the last in the associated data), so that it
can be streamed, and neither cut nor reordered unnoticed.
"""

import base64
import hashlib
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from gridfs.asynchronous import AsyncGridFSBucket
from gridfs.errors import CorruptGridFile, NoFile
from pydantic import BaseModel, ConfigDict

from kernel.errors import Gone, NotFound
from kernel.ids import new_id
from kernel.mongo.client import Database
from kernel.privacy.field import FileKey, PersonalText, Plain
from kernel.privacy.vault import Erased

SEGMENT_BYTES = 64 * 1024
_TAG_BYTES = 16


class FileErased(Gone):
    """This file cannot be read any more: the data of the citizen it belongs to have been erased."""

    vi = "Không còn đọc được tệp này: dữ liệu của công dân liên quan đã được xóa."


class FileDamaged(NotFound):
    """The stored file is not what was stored: it is not handed out."""

    vi = "Tệp lưu trữ không còn nguyên vẹn nên không được trả về."


class StoredFile(BaseModel, frozen=True):
    """What a document remembers of a file: where it is, what it is called, how large, its hash (lower-case hex) and its key.

    The name is personal: people are in the habit of naming a file after its owner.
    """

    model_config = ConfigDict(hide_input_in_errors=True)

    id: str
    name: PersonalText
    key: FileKey
    media_type: str
    size: int
    sha256: str
    stored_at: datetime


class Files:
    """The bucket of one database."""

    def __init__(self, db: Database) -> None:
        self._bucket = AsyncGridFSBucket(db, bucket_name="files")

    async def store(self, name: str, media_type: str, content: bytes, *, now: datetime) -> StoredFile:
        """Keep `content` under a new random id. A file no document points at is an orphan, and unreadable."""
        digest = hashlib.sha256(content).hexdigest()
        file_id, key = new_id(), secrets.token_bytes(32)
        encrypted = b"".join(_encrypted(key, file_id, content))
        await self._bucket.upload_from_stream_with_id(file_id, file_id, encrypted)
        return StoredFile(
            id=file_id,
            name=Plain(name),
            key=Plain(base64.b64encode(key).decode()),
            media_type=media_type,
            size=len(content),
            sha256=digest,
            stored_at=now,
        )

    async def drop(self, file_id: str) -> None:
        """Let go of a file and its bytes. Repeatable."""
        with suppress(NoFile):
            await self._bucket.delete(file_id)

    async def read(self, file: dict[str, Any]) -> AsyncIterator[bytes]:
        """The bytes of a file whose row has been opened by the vault, in segments.

        Raises:
            NotFound: there is no such file (raised before the first segment).
            FileErased: its citizen's data have been erased.
            FileDamaged: what is stored is not what was stored (raised at the segment that is not).
        """
        if isinstance(file["key"], Erased):
            raise FileErased
        cipher = AESGCM(base64.b64decode(file["key"]))
        try:
            stream = await self._bucket.open_download_stream(file["id"])
        except NoFile as missing:
            raise NotFound from missing

        async def segments() -> AsyncIterator[bytes]:
            left, number, last = int(stream.length), 0, False
            try:
                # Also of an empty file there is one segment: a file that was emptied is not an empty file.
                while not last:
                    sealed = await stream.read(min(left, SEGMENT_BYTES + _TAG_BYTES))
                    left -= len(sealed)
                    last = left <= 0
                    yield cipher.decrypt(_nonce(number), sealed, _place(file["id"], number, last=last))
                    number += 1
            except (InvalidTag, CorruptGridFile) as damaged:
                raise FileDamaged from damaged
            finally:
                await stream.close()

        return segments()


def _encrypted(key: bytes, file_id: str, content: bytes) -> Iterator[bytes]:
    cipher, segments = AESGCM(key), range(0, max(len(content), 1), SEGMENT_BYTES)
    for number, start in enumerate(segments):
        last = number == len(segments) - 1
        yield cipher.encrypt(_nonce(number), content[start : start + SEGMENT_BYTES], _place(file_id, number, last=last))


def _nonce(number: int) -> bytes:
    """The key encrypts one file only, so a counter never repeats under it (NIST SP 800-38D, 8.2.1)."""
    return number.to_bytes(12)


def _place(file_id: str, number: int, *, last: bool) -> bytes:
    return f"{file_id}:{number}:{'last' if last else 'more'}".encode()
