"""Why numbers are looked up by keyed hashes and not by deterministic encryption: yesterday's backup after an erasure (ADR 0011)."""

import secrets

import pytest
from bson.binary import Binary
from bson.codec_options import CodecOptions
from pymongo.asynchronous.encryption import AsyncClientEncryption

from kernel.mongo.client import Database
from kernel.privacy.field import TYPES, Plain, Sealed
from kernel.privacy.subjects import Subject, Subjects
from kernel.privacy.vault import ERASED, Vault
from tests.unit.privacy.cards import NAME, NOW

pytestmark = [pytest.mark.anyio, pytest.mark.proves("SEC-72", "SEC-75")]

NUMBER = "096199000001"
DETERMINISTIC = "AEAD_AES_256_CBC_HMAC_SHA_512-Deterministic"


async def shared_key_encryption(vault: Vault) -> tuple[AsyncClientEncryption[dict[str, object]], Binary]:
    """As the specification words it: one key for every citizen's number, so that equal numbers give equal ciphertext."""
    keys = vault.keys
    providers = {"local": {"key": secrets.token_bytes(96)}}
    shared: AsyncClientEncryption[dict[str, object]] = AsyncClientEncryption(
        providers, f"{keys.database.name}.shared", keys.database.client, CodecOptions()
    )
    return shared, await shared.create_data_key("local", key_alt_names=["shared"])


async def test_a_number_under_a_shared_deterministic_key_comes_back_with_the_backup(vault: Vault, database: Database) -> None:
    shared, key = await shared_key_encryption(vault)
    raw = database["people"].with_options(codec_options=CodecOptions())
    number = await shared.encrypt(NUMBER, DETERMINISTIC, key_id=key)
    name: Sealed = await vault.seal("s_lan", Plain(NAME))
    await raw.insert_one({"_id": 1, "number": number, "name": Binary(name.raw, 6)})
    assert await raw.find_one({"number": await shared.encrypt(NUMBER, DETERMINISTIC, key_id=key)}), "it can be looked up"
    yesterday = await raw.find_one({"_id": 1})
    assert yesterday
    # The erasure as the specification words it: the citizen's key destroyed, what is looked up by unset.
    await vault.erase("s_lan", now=NOW)
    await raw.update_one({"_id": 1}, {"$unset": {"number": ""}})
    await raw.replace_one({"_id": 1}, yesterday)
    restored = await raw.find_one({"_id": 1})
    assert restored
    assert await vault.open_one(Sealed(bytes(restored["name"]))) is ERASED
    # The shared key belongs to everybody, so no erasure can destroy it: the person is named again.
    assert await shared.decrypt(restored["number"]) == NUMBER
    await shared.close()


async def test_of_a_number_behind_a_keyed_hash_the_backup_holds_nothing_that_a_key_opens(
    vault: Vault, subjects: Subjects, database: Database
) -> None:
    subject = await subjects.of(NUMBER)
    assert await subjects.of(NUMBER) == subject, "it can be looked up"
    rows = database[Subject.Settings.name].with_options(codec_options=CodecOptions(type_registry=TYPES))
    yesterday = await rows.find_one({"_id": subject})
    assert yesterday
    await vault.erase(subject, now=NOW)
    await subjects.forget(subject, now=NOW)
    await rows.replace_one({"_id": subject}, yesterday)
    restored = await rows.find_one({"_id": subject})
    assert restored
    # A hash is no ciphertext: there is no key that turns it back, ours included. Who holds its secret can only try numbers.
    assert NUMBER not in str(restored)
    assert not [value for value in restored.values() if isinstance(value, (bytes, Binary, Sealed))]
    assert await vault.open([restored]) == [restored]
    # And the erasure is said again after a restore, which cuts that too (motcua privacy reapply-erasures).
    await subjects.forget(subject, now=NOW)
    assert await subjects.of(NUMBER) != subject
