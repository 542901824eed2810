"""A file comes back byte for byte, with the hash it was stored under."""

import hashlib
import secrets
from datetime import UTC, datetime

import pytest

from kernel.errors import NotFound
from kernel.mongo.client import Database
from kernel.mongo.files import CHUNK_BYTES, Files

NOW = datetime(2026, 7, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES, 3 * CHUNK_BYTES + 7])
async def test_a_file_comes_back_byte_for_byte(database: Database, size: int) -> None:
    content, files = secrets.token_bytes(size), Files(database)
    kept = await files.store("kết quả.pdf", "application/pdf", content, now=NOW)
    assert (kept.size, kept.sha256) == (size, hashlib.sha256(content).hexdigest())
    assert b"".join([chunk async for chunk in await files.read(kept.id)]) == content


async def test_the_same_file_twice_is_two_files(database: Database) -> None:
    files = Files(database)
    one, two = [await files.store("a.pdf", "application/pdf", b"x", now=NOW) for _ in range(2)]
    assert one.id != two.id
    assert one.sha256 == two.sha256


async def test_a_file_nobody_stored_is_not_found_before_the_first_byte(database: Database) -> None:
    with pytest.raises(NotFound):
        await Files(database).read("no-such-file")
