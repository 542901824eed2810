"""A file is stored as noise, comes back byte for byte or not at all, and is gone with its citizen."""

import secrets
from typing import Any

import pytest

from kernel.errors import NotFound
from kernel.mongo.client import Database
from kernel.mongo.files import SEGMENT_BYTES, FileDamaged, FileErased, Files, StoredFile
from kernel.privacy.field import Sealed
from kernel.privacy.vault import Vault
from tests.unit.privacy.cards import NOW, Card, raw

SEALED_SEGMENT = SEGMENT_BYTES + 16
CONTENT = b"%PDF-" + secrets.token_bytes(3 * SEGMENT_BYTES + 7)


async def kept(database: Database, content: bytes = CONTENT) -> Card:
    return await Card(file=await Files(database).store("Chim Yến.pdf", "application/pdf", content, now=NOW)).commit()


async def read(vault: Vault, database: Database, card: Card) -> bytes:
    [row] = await vault.open([await raw(database, card)])
    return b"".join([segment async for segment in await Files(database).read(row["file"])])


@pytest.mark.parametrize("size", [0, 1, SEGMENT_BYTES - 1, SEGMENT_BYTES, SEGMENT_BYTES + 1, 3 * SEGMENT_BYTES + 7])
async def test_a_file_comes_back_byte_for_byte(vault: Vault, database: Database, size: int) -> None:
    content = secrets.token_bytes(size)
    assert await read(vault, database, await kept(database, content)) == content


async def test_five_megabytes_come_in_segments(vault: Vault, database: Database) -> None:
    content = secrets.token_bytes(5 * 1024 * 1024)
    [row] = await vault.open([await raw(database, await kept(database, content))])
    segments = [segment async for segment in await Files(database).read(row["file"])]
    assert max(map(len, segments)) == SEGMENT_BYTES
    assert b"".join(segments) == content


@pytest.mark.proves("SEC-72")
async def test_name_and_key_are_sealed_and_the_content_is_noise(vault: Vault, database: Database) -> None:
    file = (await raw(database, await kept(database)))["file"]
    assert isinstance(file["name"], Sealed)
    assert isinstance(file["key"], Sealed)
    chunks = b"".join([chunk["data"] async for chunk in database["files.chunks"].find().sort("n", 1)])
    assert len(chunks) > len(CONTENT)
    assert CONTENT[:40] not in chunks
    assert "Chim" not in str(await database["files.files"].find_one({}))


async def test_the_same_file_twice_is_two_files_under_two_keys(database: Database) -> None:
    one, two = [await Files(database).store("a", "application/pdf", b"x", now=NOW) for _ in range(2)]
    assert one.id != two.id
    assert one.key != two.key
    assert one.sha256 == two.sha256


@pytest.mark.proves("SEC-75")
async def test_the_file_of_an_erased_citizen_cannot_be_read(vault: Vault, database: Database) -> None:
    card = await kept(database)
    await vault.erase("s_one", now=NOW)
    with pytest.raises(FileErased):
        await read(vault, database, card)


async def test_a_file_nobody_stored_is_not_found_before_the_first_byte(vault: Vault, database: Database) -> None:
    card = await kept(database)
    await database["files.files"].delete_many({})
    with pytest.raises(NotFound):
        await read(vault, database, card)


def flipped(stored: bytes) -> bytes:
    return stored[:100] + bytes([stored[100] ^ 1]) + stored[101:]


def swapped(stored: bytes) -> bytes:
    return stored[SEALED_SEGMENT : 2 * SEALED_SEGMENT] + stored[:SEALED_SEGMENT] + stored[2 * SEALED_SEGMENT :]


def without_its_end(stored: bytes) -> bytes:
    return stored[: 2 * SEALED_SEGMENT]


def without_its_beginning(stored: bytes) -> bytes:
    return stored[SEALED_SEGMENT:]


def cut_within_a_segment(stored: bytes) -> bytes:
    return stored[: SEALED_SEGMENT + 5]


def emptied(_: bytes) -> bytes:
    return b""


@pytest.mark.parametrize("damage", [flipped, swapped, without_its_end, without_its_beginning, cut_within_a_segment, emptied])
async def test_a_file_that_was_touched_is_not_handed_out(vault: Vault, database: Database, damage: Any) -> None:
    card = await kept(database)
    await overwrite(database, card, damage)
    with pytest.raises(FileDamaged):
        await read(vault, database, card)


async def test_a_file_in_another_ones_place_is_not_handed_out(vault: Vault, database: Database) -> None:
    one, two = await kept(database), await kept(database)
    theirs = b"".join([c["data"] async for c in database["files.chunks"].find({"files_id": file_of(two).id}).sort("n", 1)])
    await overwrite(database, one, lambda _: theirs)
    with pytest.raises(FileDamaged):
        await read(vault, database, one)


async def test_a_file_whose_bytes_are_missing_is_not_handed_out(vault: Vault, database: Database) -> None:
    card = await kept(database)
    await database["files.chunks"].delete_many({})
    with pytest.raises(FileDamaged):
        await read(vault, database, card)


def file_of(card: Card) -> StoredFile:
    assert card.file
    return card.file


async def overwrite(database: Database, card: Card, damage: Any) -> None:
    """As somebody with the database in hands would: chunks and length fit each other."""
    chunks, wanted = database["files.chunks"], {"files_id": file_of(card).id}
    stored = b"".join([chunk["data"] async for chunk in chunks.find(wanted).sort("n", 1)])
    changed = damage(stored)
    await chunks.delete_many(wanted)
    await chunks.insert_one({**wanted, "n": 0, "data": changed})
    size = max(len(changed), 1)
    await database["files.files"].update_one({"_id": file_of(card).id}, {"$set": {"length": len(changed), "chunkSize": size}})
