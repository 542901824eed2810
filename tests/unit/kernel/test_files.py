"""What a document remembers of a file is about the file, and not about how it is stored (tests/unit/privacy tests that)."""

import hashlib
import secrets
from datetime import UTC, datetime

import pytest

from kernel.mongo.client import Database
from kernel.mongo.files import SEGMENT_BYTES, Files

NOW = datetime(2026, 7, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize("size", [0, 1, SEGMENT_BYTES, 3 * SEGMENT_BYTES + 7])
async def test_size_and_hash_are_those_of_what_was_handed_in(database: Database, size: int) -> None:
    content = secrets.token_bytes(size)
    kept = await Files(database).store("kết quả.pdf", "application/pdf", content, now=NOW)
    assert (kept.size, kept.sha256) == (size, hashlib.sha256(content).hexdigest())
