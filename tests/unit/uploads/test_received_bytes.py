"""Whatever comes, in whatever order: what is stored is the prefix that was acknowledged, and nothing that was is lost."""

import asyncio
import base64
import hashlib
import random
import tracemalloc
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.app.parts import Parts
from backend.uploads import queries
from backend.uploads.actions.create import create
from backend.uploads.api.desk import UploadDesk
from backend.uploads.documents import Upload
from backend.uploads.errors import OffsetMismatch, UploadExpired, UploadInterrupted, UploadTooLarge
from backend.uploads.inflow import Inflow
from backend.uploads.limits import UNFINISHED_FOR
from backend.uploads.metadata import Metadata
from kernel.errors import ChecksumMismatch
from kernel.mongo.arriving import open_tail
from kernel.privacy.field import Plain
from tests.support.officials import citizen

pytestmark = pytest.mark.proves("R-A4")
LAN = citizen("s_lan")
LENGTH = 400_000
CONTENT = random.Random(7).randbytes(LENGTH)


@dataclass
class Line:
    """A connection: `parts` arrive, then it ends, is cut, or hangs until `release`."""

    parts: deque[bytes]
    ending: str = "whole"
    released: asyncio.Event = field(default_factory=asyncio.Event)

    async def receive(self) -> dict[str, Any]:
        if self.parts:
            body = self.parts.popleft()
            return {"type": "http.request", "body": body, "more_body": bool(self.parts) or self.ending != "whole"}
        if self.ending == "hangs":
            await self.released.wait()
        return {"type": "http.disconnect"} if self.ending != "whole" else {"type": "http.request", "body": b"", "more_body": False}


def line(content: bytes, ending: str = "whole", pieces: int = 1) -> Line:
    size = max(1, -(-len(content) // pieces))
    return Line(deque(content[at : at + size] for at in range(0, len(content), size)), ending)


def desk_of(parts: Parts) -> UploadDesk:
    """A process of its own: it knows nothing of what others receive. Nobody checks here: whole files stay as they came."""
    desk = UploadDesk(parts.uploads.checking, "http://127.0.0.1")
    desk.begin_check = lambda _: None  # type: ignore[method-assign]
    return desk


async def stored(parts: Parts, upload_id: str) -> bytes:
    """What could be read of the upload now."""
    row = await Upload.get_pymongo_collection().find_one({"_id": upload_id})
    assert row
    checking = parts.uploads.checking
    key = base64.b64decode(await parts.vault.open_one(row["key"]))  # type: ignore[arg-type]
    found = [part async for part in checking.segments.read(upload_id, key, row["segments"])]
    if "tail" in row:
        found.append(open_tail(key, upload_id, len(found), row["tail"]))
    assert row["offset"] == sum(map(len, found))
    return b"".join(found)


class Story:
    """One upload, its model (`have`: how many bytes have been acknowledged), and what can happen to it."""

    def __init__(self, parts: Parts, upload_id: str) -> None:
        self.parts, self.id = parts, upload_id
        self.desk, self.have = desk_of(parts), 0

    async def send(self, at: int, stream: Line, checksum: tuple[str, bytes] | None = None, desk: UploadDesk | None = None) -> int:
        inflow = Inflow(stream.receive)
        return await (desk or self.desk).append(LAN, self.id, at, inflow, announced=None, checksum=checksum)

    async def offset(self) -> int:
        await self.desk.receiving.settle(self.id)
        return int((await queries.upload_of(LAN, self.id, self.parts.clock.now()))["offset"])

    async def true(self) -> None:
        assert await self.offset() == self.have
        assert await stored(self.parts, self.id) == CONTENT[: self.have]

    async def patch(self, size: int, ending: str, pieces: int) -> None:
        end = min(LENGTH, self.have + size)
        assert await self.send(self.have, line(CONTENT[self.have : end], ending, pieces)) == end
        self.have = end

    async def patch_elsewhere(self, size: int, off_by: int) -> None:
        with pytest.raises(OffsetMismatch):
            await self.send(self.have + off_by, line(bytes(size)))

    async def patch_with_checksum(self, size: int, fits: bool) -> None:
        end = min(LENGTH, self.have + size)
        body = CONTENT[self.have : end]
        digest = hashlib.sha256(body if fits else b"another").digest()
        if fits:
            await self.send(self.have, line(body, "whole", 3), ("sha256", digest))
            self.have = end
        elif self.have < LENGTH:
            with pytest.raises(ChecksumMismatch):
                await self.send(self.have, line(body, "whole", 3), ("sha256", digest))

    async def patch_too_much(self, surplus: int) -> None:
        if self.have == LENGTH:
            return
        with pytest.raises(UploadTooLarge):
            await self.send(self.have, line(CONTENT[self.have :] + bytes(surplus), "whole", 1))

    async def come_back(self, size: int, again: int) -> None:
        """The line hangs, the server does not know; the telephone asks how far it came, and sends from there."""
        if self.have + size >= LENGTH:
            return
        dead = line(CONTENT[self.have : self.have + size], "hangs", 2)
        first = asyncio.create_task(self.send(self.have, dead))
        await until(lambda: not dead.parts)
        await until_answered(self.offset, self.have + size)
        self.have += size
        await self.patch(again, "whole", 2)
        with pytest.raises(UploadInterrupted):
            await first

    async def go_elsewhere(self, size: int, again: int) -> None:
        """The same, and the telephone comes to another process: what the first still holds, it never writes."""
        if self.have + size >= LENGTH:
            return
        stale = line(bytes(size), "hangs", 2)
        before = await self._writer()
        lost = asyncio.create_task(self.send(self.have, stale))
        await until_answered(self._writer, before, differs=True)
        await until(lambda: not stale.parts)
        self.desk, end = desk_of(self.parts), min(LENGTH, self.have + again)
        await self.send(self.have, line(CONTENT[self.have : end]))
        self.have = end
        stale.released.set()
        with pytest.raises(UploadInterrupted):
            await lost

    async def _writer(self) -> str | None:
        row = await Upload.get_pymongo_collection().find_one({"_id": self.id}, {"writer": 1})
        return (row or {}).get("writer")


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not true():  # noqa: ASYNC110 - what is waited for sets no event
            await asyncio.sleep(0)


async def until_answered(ask: Callable[[], Awaitable[Any]], answer: Any, *, differs: bool = False) -> None:
    """Ask until that is the answer, or another one than that."""
    async with asyncio.timeout(20):
        while (await ask() == answer) is differs:  # noqa: ASYNC110 - a database sets none
            await asyncio.sleep(0)


sizes = st.one_of(st.integers(1, 3_000), st.integers(60_000, 140_000), st.sampled_from([65_535, 65_536, 65_537, 131_072]))
steps = st.one_of(
    st.tuples(st.just("patch"), sizes, st.sampled_from(["whole", "cut"]), st.integers(1, 9)),
    st.tuples(st.just("patch_elsewhere"), sizes, st.integers(1, 9)),
    st.tuples(st.just("patch_with_checksum"), sizes, st.booleans()),
    st.tuples(st.just("patch_too_much"), st.integers(1, 100_000)),
    st.tuples(st.just("come_back"), sizes, sizes),
    st.tuples(st.just("go_elsewhere"), sizes, sizes),
)


@settings(max_examples=40)
@given(story=st.lists(steps, min_size=1, max_size=8))
async def test_what_is_stored_is_what_was_acknowledged(parts: Parts, story: list[tuple[Any, ...]]) -> None:
    upload, _ = await create(LAN, LENGTH, Metadata(), now=parts.clock.now())
    told = Story(parts, upload.id)
    for name, *how in story:
        await getattr(told, name)(*how)
        await told.true()
    later = parts.clock.now() + UNFINISHED_FOR + timedelta(seconds=1)
    if told.have < LENGTH:
        with pytest.raises(UploadExpired):
            await queries.upload_of(LAN, upload.id, later)
    await parts.db["uploads"].delete_many({})
    await parts.db["upload_segments"].delete_many({})


async def test_a_server_that_stops_keeps_what_has_arrived(parts: Parts) -> None:
    upload, _ = await create(LAN, LENGTH, Metadata(), now=parts.clock.now())
    told, dead = Story(parts, upload.id), line(CONTENT[:100_000], "hangs", 3)
    receiving = asyncio.create_task(told.send(0, dead))
    await until(lambda: not dead.parts)
    await until_answered(told.offset, 100_000)
    receiving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await receiving
    assert await stored(parts, upload.id) == CONTENT[:100_000]


async def test_a_large_body_passes_through_little_memory(parts: Parts) -> None:
    length, piece = 50 * 1024 * 1024, bytes(64 * 1024)
    upload = Upload(
        owner=LAN.recipient,
        name=Plain(""),
        key=Plain(base64.b64encode(bytes(32)).decode()),
        length=length,
        created_at=parts.clock.now(),
        expires_at=parts.clock.now() + UNFINISHED_FOR,
    )
    await upload.commit()
    told, pieces = Story(parts, upload.id), Line(deque([piece] * (length // len(piece))))
    tracemalloc.start()
    try:
        assert await told.send(0, pieces) == length
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 8 * 1024 * 1024, peak
    await parts.db["upload_segments"].delete_many({})
