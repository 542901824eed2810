"""Files live in GridFS, with their SHA-256 beside them; a file is never rewritten, so a signature inside stays valid."""

import hashlib
from collections.abc import AsyncIterator
from datetime import datetime

from gridfs.asynchronous import AsyncGridFSBucket
from gridfs.errors import NoFile
from pydantic import BaseModel

from kernel.errors import NotFound
from kernel.ids import new_id
from kernel.mongo.client import Database

CHUNK_BYTES = 255 * 1024


class StoredFile(BaseModel, frozen=True):
    """What a document remembers of a file: where it is, what it is called, how large, and its hash (lower-case hex)."""

    id: str
    name: str
    media_type: str
    size: int
    sha256: str
    stored_at: datetime


class Files:
    """The bucket of one database."""

    def __init__(self, db: Database) -> None:
        self._bucket = AsyncGridFSBucket(db, bucket_name="files", chunk_size_bytes=CHUNK_BYTES)

    async def store(self, name: str, media_type: str, content: bytes, *, now: datetime) -> StoredFile:
        """Keep `content` under a new random id. A file no document points at is an orphan, and harmless."""
        digest = hashlib.sha256(content).hexdigest()
        file = StoredFile(id=new_id(), name=name, media_type=media_type, size=len(content), sha256=digest, stored_at=now)
        await self._bucket.upload_from_stream_with_id(file.id, name, content, metadata={"sha256": digest})
        return file

    async def read(self, file_id: str) -> AsyncIterator[bytes]:
        """The bytes in chunks.

        Raises:
            NotFound: there is no such file (raised before the first chunk).
        """
        try:
            stream = await self._bucket.open_download_stream(file_id)
        except NoFile as missing:
            raise NotFound from missing

        async def chunks() -> AsyncIterator[bytes]:
            while chunk := await stream.read(CHUNK_BYTES):
                yield chunk
            await stream.close()

        return chunks()
