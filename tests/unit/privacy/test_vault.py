"""What the vault seals only the vault opens, as long as the key is there."""

import asyncio
from typing import Any

import pytest
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from hypothesis import given
from hypothesis import strategies as st

from kernel.mongo.client import Database
from kernel.privacy import batch
from kernel.privacy.errors import SubjectErased, SubjectMissing, VaultUnavailable
from kernel.privacy.field import ENCRYPTED, Plain, Sealed
from kernel.privacy.vault import ERASED, Vault, key_name
from kernel.privacy.walk import each, replaced
from tests.support.commands import counted_commands
from tests.unit.privacy.cards import KEK, NAME, NOW, Card, NewVault, Remark, raw

WORDS = st.text(max_size=40)
DEEP = st.recursive(
    st.builds(Plain, WORDS) | st.integers() | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.tuples(inner, inner) | st.dictionaries(st.sampled_from("ab"), inner),
    max_leaves=8,
)


@given(value=DEEP)
async def test_what_is_sealed_opens_again_at_any_depth(vault: Vault, value: Any) -> None:
    sealed = await vault.seal("s_one", {"v": value})
    assert list(each(sealed, Plain)) == []
    # A row without anything sealed comes back as it is, tuples and all.
    assert replaced(await vault.open([sealed]), Plain, str) == [{"v": replaced(value, Plain, Plain.reveal)}]


@pytest.mark.proves("SEC-72")
async def test_the_database_holds_nothing_but_ciphertext(vault: Vault, database: Database) -> None:
    card = Card(name=Plain(NAME), phones=[Plain("0912"), Plain("0912")], remarks=(Remark(text=Plain(NAME)),))
    row = await raw(database, await card.commit())
    found = [row["name"], *row["phones"], row["remarks"][0]["text"]]
    assert all(isinstance(value, Sealed) for value in found)
    bare = await database["cards"].with_options(codec_options=CodecOptions(RawBSONDocument)).find_one({"_id": card.id})
    assert bare
    assert (bare["name"].subtype, {phone.subtype for phone in bare["phones"]}) == (ENCRYPTED, {ENCRYPTED})
    assert all(word.encode() not in bare.raw for word in NAME.split())


@pytest.mark.proves("SEC-72")
async def test_the_same_value_sealed_twice_is_not_the_same(vault: Vault) -> None:
    twice = await vault.seal("s_one", [Plain("0912"), Plain("0912")])
    assert twice[0] != twice[1]
    assert len({value.key_id for value in twice}) == 1


async def test_what_holds_nothing_personal_needs_neither_key_nor_subject(vault: Vault) -> None:
    assert await vault.seal(None, {"a": [1, "x"]}) == {"a": [1, "x"]}
    assert await vault.open([{"a": 1}]) == [{"a": 1}]
    assert await vault.keys.count_documents({}) == 0


@pytest.mark.proves("SEC-72")
async def test_a_document_that_does_not_say_whose_it_is_is_not_stored(vault: Vault, database: Database) -> None:
    with pytest.raises(SubjectMissing):
        await Card(owner=None, name=Plain(NAME)).commit()
    assert await database["cards"].count_documents({}) == 0


async def test_a_document_loaded_and_committed_keeps_its_ciphertext(vault: Vault, database: Database) -> None:
    card = await Card(name=Plain(NAME)).commit()
    before = (await raw(database, card))["name"]
    loaded = await Card.get(card.id)
    assert loaded
    loaded.phones = [Plain("0912")]
    await loaded.commit()
    assert (await raw(database, card))["name"] == before
    assert (await vault.open([await raw(database, card)]))[0]["phones"] == ["0912"]


async def test_each_subject_has_a_key_of_its_own(vault: Vault) -> None:
    one, two = await vault.seal("s_one", Plain(NAME)), await vault.seal("s_two", Plain(NAME))
    assert one.key_id != two.key_id
    assert await vault.keys.count_documents({}) == 2


async def test_many_processes_that_make_one_key_at_once_make_one(vault: Vault, new_vault: NewVault) -> None:
    vaults = [new_vault() for _ in range(6)]
    for subject in (f"s_{n}" for n in range(20)):
        sealed = await asyncio.gather(*(v.seal(subject, Plain(str(n))) for n, v in enumerate(vaults)))
        assert len({value.key_id for value in sealed}) == 1
        assert await vault.keys.count_documents({"keyAltNames": key_name(subject)}) == 1
        assert [await vault.open_one(value) for value in sealed] == [str(n) for n in range(6)]


@pytest.mark.proves("SEC-72")
async def test_a_wrong_master_key_is_unavailable_and_never_erased(vault: Vault) -> None:
    sealed = await vault.seal("s_one", Plain(NAME))
    keys, wrong = vault.keys.database, {"local": KEK["local:wrong"]}
    stranger = Vault(keys.client, keys.name, providers=wrong, provider="local")
    with pytest.raises(VaultUnavailable):
        await stranger.open([{"v": sealed}])
    with pytest.raises(VaultUnavailable):
        await stranger.seal("s_one", Plain(NAME))
    await stranger.close()


@pytest.mark.proves("SEC-72")
async def test_a_lost_key_is_unavailable_and_never_erased(vault: Vault, new_vault: NewVault) -> None:
    sealed = await vault.seal("s_one", Plain(NAME))
    await vault.keys.delete_many({})
    with pytest.raises(VaultUnavailable):
        await new_vault().open([{"v": sealed}])


@pytest.mark.proves("SEC-72")
async def test_an_unreachable_vault_is_unavailable_and_never_erased(vault: Vault, new_vault: NewVault) -> None:
    sealed = await vault.seal("s_one", Plain(NAME))
    away = new_vault(uri="mongodb://127.0.0.1:1/?directConnection=true")
    with pytest.raises(VaultUnavailable):
        await away.open([{"v": sealed}])
    with pytest.raises(VaultUnavailable):
        await away.seal("s_one", Plain(NAME))
    with pytest.raises(VaultUnavailable):
        await away.token("lan")


@pytest.mark.proves("SEC-72")
async def test_ciphertext_that_was_touched_is_not_opened(vault: Vault) -> None:
    sealed = await vault.seal("s_one", Plain(NAME))
    touched = Sealed(sealed.raw[:-1] + bytes([sealed.raw[-1] ^ 1]))
    with pytest.raises(VaultUnavailable):
        await vault.open([{"v": touched}])


async def test_what_was_sealed_for_one_is_sealed_anew_for_another(vault: Vault) -> None:
    fields = {"name": await vault.seal("s_one", Plain(NAME)), "rows": [await vault.seal("s_one", Plain("x"))], "n": 1}
    moved = await vault.seal("s_two", await vault.unsealed(fields))
    await vault.erase("s_one", now=NOW)
    assert await vault.open([moved, fields]) == [
        {"name": NAME, "rows": ["x"], "n": 1},
        {"name": ERASED, "rows": [ERASED], "n": 1},
    ]
    assert await vault.unsealed(fields) == fields


async def test_a_token_is_the_same_in_every_process_and_says_nothing(vault: Vault, new_vault: NewVault) -> None:
    tokens = await asyncio.gather(*(new_vault().token("lan") for _ in range(4)))
    assert len(set(tokens)) == 1
    assert await vault.token("lan") == tokens[0] != await vault.token("lam")
    secret = await vault.keys.database["secrets"].find_one({})
    assert secret
    assert isinstance(secret["v"], Sealed)


async def test_pymongo_still_has_what_opening_in_one_go_needs(vault: Vault) -> None:
    """When this fails PyMongo has moved what `kernel.privacy.batch` leans on; see there."""
    sealed = [await vault.seal(f"s_{n}", Plain(str(n))) for n in range(batch.CHUNK + 1)]
    assert await batch.decrypt(vault._encryption, sealed) == [str(n) for n in range(batch.CHUNK + 1)]
    assert await batch.decrypt(vault._encryption, []) == []


async def test_fifty_values_under_fifty_keys_are_two_look_ups(vault: Vault, new_vault: NewVault) -> None:
    rows = [{"v": await vault.seal(f"s_{n}", Plain(str(n)))} for n in range(50)]
    with counted_commands() as counted:
        reader = new_vault()
        for _ in range(2):
            assert await reader.open(rows) == [{"v": str(n)} for n in range(50)]
            # Tombstones and keys, once each, whatever the number of rows; then none.
            assert sorted(counted.reads()) == ["keys", "keys"]


async def test_an_erased_subject_among_fifty_does_not_hide_the_others(vault: Vault) -> None:
    rows = [{"v": await vault.seal(f"s_{n}", Plain(str(n)))} for n in range(5)]
    await vault.erase("s_3", now=NOW)
    assert [row["v"] for row in await vault.open(rows)] == ["0", "1", "2", ERASED, "4"]
    with pytest.raises(SubjectErased):
        await vault.seal("s_3", Plain("x"))
