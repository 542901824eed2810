"""Erased is for ever: for every process, for every generation of a key, against every race and out of every backup of the data."""

import asyncio
import time
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.errors import EncryptionError

from kernel.mongo.client import Database
from kernel.privacy import batch
from kernel.privacy.errors import SubjectErased, VaultUnavailable
from kernel.privacy.field import Plain, Sealed
from kernel.privacy.vault import ERASED, Vault, key_name
from tests.unit.privacy.cards import NAME, NOW, Card, NewVault, Remark, raw

pytestmark = pytest.mark.proves("SEC-75")


async def test_an_erased_subject_opens_as_erased_and_seals_no_more(vault: Vault, database: Database) -> None:
    card = await Card(name=Plain(NAME), remarks=(Remark(text=Plain("x")),)).commit()
    assert await vault.erase("s_one", now=NOW)
    [row] = await vault.open([await raw(database, card)])
    assert (row["name"], row["remarks"], row["_id"]) == (ERASED, [{"text": ERASED}], card.id)
    with pytest.raises(SubjectErased):
        await Card(name=Plain(NAME)).commit()
    assert await database["cards"].count_documents({}) == 1


async def test_erasing_twice_changes_nothing(vault: Vault) -> None:
    await vault.seal("s_one", Plain(NAME))
    assert [await vault.erase("s_one", now=NOW) for _ in range(2)] == [True, False]
    assert await vault.keys.count_documents({}) == 1


async def test_who_never_had_a_key_gets_none_after_erasure(vault: Vault, new_vault: NewVault) -> None:
    assert not await vault.erase("s_one", now=NOW)
    for one in (vault, new_vault()):
        with pytest.raises(SubjectErased):
            await one.seal("s_one", Plain(NAME))


async def test_the_tombstone_holds_no_key_material(vault: Vault) -> None:
    sealed = await vault.seal("s_one", Plain(NAME))
    await vault.erase("s_one", now=NOW)
    [tombstone] = await vault.keys.find({}).to_list()
    assert bytes(tombstone["_id"]) == sealed.key_id
    assert set(tombstone) == {"_id", "keyAltNames", "creationDate", "updateDate", "status", "erased_at"}


async def test_another_process_shows_it_as_erased_within_its_expiration(vault: Vault, new_vault: NewVault) -> None:
    other, sealed = new_vault(expires_ms=200), await vault.seal("s_one", Plain(NAME))
    assert await other.open_one(sealed) == NAME
    await vault.erase("s_one", now=NOW)
    deadline = time.monotonic() + 2
    while (shown := await other.open_one(sealed)) is not ERASED:
        assert (shown, time.monotonic() < deadline) == (NAME, True)
        await asyncio.sleep(0.02)


async def test_a_process_that_has_lost_only_the_key_looks_for_a_tombstone(vault: Vault, new_vault: NewVault) -> None:
    other, sealed = new_vault(expires_ms=1), await vault.seal("s_one", Plain(NAME))
    other.remembers_s = 60
    assert await other.open_one(sealed) == NAME
    await vault.erase("s_one", now=NOW)
    await until_it_refuses(other, sealed, within_s=2)
    assert await other.open_one(sealed) is ERASED


async def test_another_process_forgets_the_key_itself_within_its_expiration(vault: Vault, new_vault: NewVault) -> None:
    other, sealed = new_vault(expires_ms=200), await vault.seal("s_one", Plain(NAME))
    assert await other.open_one(sealed) == NAME
    await vault.erase("s_one", now=NOW)
    await until_it_refuses(other, sealed, within_s=2)
    with pytest.raises(SubjectErased):
        await other.seal("s_one", Plain("more"))


async def until_it_refuses(vault: Vault, sealed: Sealed, *, within_s: float) -> None:
    """Asks libmongocrypt, past our own look at the tombstone."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        try:
            await batch.decrypt(vault._encryption, [sealed])
        except EncryptionError:
            return
        await asyncio.sleep(0.02)
    pytest.fail("the key is still in memory")


@pytest.mark.parametrize("seals_first", [True, False])
async def test_erasing_and_sealing_at_once_ends_erased(vault: Vault, new_vault: NewVault, seals_first: bool) -> None:
    for n in range(10):
        subject, other = f"s_{n}", new_vault()
        work: list[Any] = [other.seal(subject, Plain(NAME)), vault.erase(subject, now=NOW)]
        results = await asyncio.gather(*(work if seals_first else reversed(work)), return_exceptions=True)
        assert [r for r in results if isinstance(r, Exception) and not isinstance(r, SubjectErased)] == []
        assert await vault.keys.count_documents({"keyAltNames": key_name(subject), "keyMaterial": {"$exists": True}}) == 0
        with pytest.raises(SubjectErased):
            await new_vault().seal(subject, Plain(NAME))
        for sealed in results:
            if isinstance(sealed, Sealed):
                assert await new_vault().open_one(sealed) is ERASED


async def test_only_a_tombstone_means_erased(vault: Vault, new_vault: NewVault) -> None:
    sealed = await vault.seal("s_one", Plain(NAME))
    await vault.keys.update_one({}, {"$unset": {"keyMaterial": "", "masterKey": ""}})
    with pytest.raises(VaultUnavailable):
        await new_vault().open([{"v": sealed}])


async def test_a_backup_of_the_data_restored_after_the_erasure_is_unreadable(
    vault: Vault, new_vault: NewVault, database: Database, mongodb_uri: str
) -> None:
    cards = [await Card(owner=owner, name=Plain(NAME)).commit() for owner in ("s_one", "s_one", "s_two")]
    data, keys = dumped(mongodb_uri, database.name), dumped(mongodb_uri, vault.keys.database.name)
    await vault.erase("s_one", now=NOW)
    restore(mongodb_uri, database.name, data)
    rows = [await raw(database, card) for card in cards]
    assert [row["name"] for row in await new_vault().open(rows)] == [ERASED, ERASED, NAME]
    assert await database["cards"].count_documents({}) == 3

    # Why the keys are backed up apart and for a short time: with yesterday's keys yesterday's data is readable again.
    restore(mongodb_uri, vault.keys.database.name, keys)
    assert [row["name"] for row in await new_vault().open(rows)] == [NAME] * 3


def dumped(uri: str, database: str) -> dict[str, list[dict[str, Any]]]:
    """Every collection, as a tool that knows nothing of us copies it."""
    with MongoClient[dict[str, Any]](uri) as client:
        db = client[database]
        return {name: list(db[name].find()) for name in db.list_collection_names()}


def restore(uri: str, database: str, dump: dict[str, list[dict[str, Any]]]) -> None:
    with MongoClient[dict[str, Any]](uri) as client:
        for name, rows in dump.items():
            client[database][name].delete_many({})
            if rows:
                client[database][name].insert_many(rows)
