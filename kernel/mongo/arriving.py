"""Files that are still arriving: what has come is encrypted and stored piece by piece, and never rewritten.

A segment is written under a new random id before anything points at it; the document that remembers the file then moves its list
of segments, its tail and its offset in one write. So an offset never promises more than is stored, and what a writer leaves behind
who was overtaken is noise that nobody points at.
"""

import secrets
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pymongo.asynchronous.collection import AsyncCollection

from kernel.ids import new_id
from kernel.mongo.files import SEGMENT_BYTES, FileDamaged

_NONCE_BYTES = 12


class Segments:
    """The whole segments of files that are arriving, in one collection."""

    def __init__(self, collection: AsyncCollection[dict[str, Any]]) -> None:
        self._collection = collection

    async def keep(self, file_id: str, key: bytes, number: int, contents: Sequence[bytes], *, now: datetime) -> list[str]:
        """Store segments, the first of which is the file's `number`-th; answers what to remember of each."""
        names = [new_id() for _ in contents]
        rows = [
            {"_id": f"{file_id}:{name}", "at": now, "content": seal(key, _place(file_id, number + n), content)}
            for n, (name, content) in enumerate(zip(names, contents, strict=True))
        ]
        if rows:
            await self._collection.insert_many(rows)
        return names

    async def read(self, file_id: str, key: bytes, names: Sequence[str]) -> AsyncIterator[bytes]:
        """The segments in their order.

        Raises:
            FileDamaged: one is missing, or not what was stored.
        """
        for number, name in enumerate(names):
            row = await self._collection.find_one({"_id": f"{file_id}:{name}"})
            if row is None:
                raise FileDamaged
            yield unseal(key, _place(file_id, number), row["content"])

    async def drop(self, file_id: str) -> None:
        """Let go of every segment of the file, also of those nobody points at. Repeatable."""
        await self._collection.delete_many({"_id": {"$gte": f"{file_id}:", "$lt": f"{file_id};"}})


def whole(content: bytes) -> tuple[list[bytes], bytes]:
    """The full segments in `content`, and the tail that fills none."""
    end = len(content) // SEGMENT_BYTES * SEGMENT_BYTES
    return [content[at : at + SEGMENT_BYTES] for at in range(0, end, SEGMENT_BYTES)], content[end:]


def seal_tail(key: bytes, file_id: str, number: int, tail: bytes) -> bytes:
    """The tail after `number` segments, encrypted."""
    return seal(key, f"{file_id}:{number}:tail", tail)


def open_tail(key: bytes, file_id: str, number: int, sealed: bytes) -> bytes:
    """The tail after `number` segments.

    Raises:
        FileDamaged: it is not what was stored.
    """
    return unseal(key, f"{file_id}:{number}:tail", sealed)


def seal(key: bytes, place: str, content: bytes) -> bytes:
    """AES-256-GCM. Two writers may each seal a segment of the same number under one key, so the nonce is random, no number."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, content, place.encode())


def unseal(key: bytes, place: str, sealed: bytes) -> bytes:
    """What `seal` was given.

    Raises:
        FileDamaged: it is not what was stored, or belongs elsewhere.
    """
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], place.encode())
    except InvalidTag as damaged:
        raise FileDamaged from damaged


def _place(file_id: str, number: int) -> str:
    return f"{file_id}:{number}:arriving"
