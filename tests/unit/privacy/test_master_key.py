"""The master key is changed while everything runs, and the former one is not needed afterwards (SEC-73)."""

from typing import Any

import pytest

from kernel.privacy import vault as module
from kernel.privacy.errors import SubjectErased
from kernel.privacy.field import Plain, Sealed
from kernel.privacy.vault import ERASED, Vault
from tests.unit.privacy.cards import NAME, NOW, NewVault

pytestmark = pytest.mark.proves("SEC-73")


async def sealed_for(vault: Vault, many: int) -> list[Sealed]:
    return [await vault.seal(f"s_{n}", Plain(NAME)) for n in range(many)]


async def test_after_the_change_the_former_master_key_is_not_needed(vault: Vault, new_vault: NewVault) -> None:
    sealed, both = await sealed_for(vault, 5), new_vault("local:next", "local")
    assert [await both.rewrap("local:next"), await both.rewrap("local:next")] == [5, 0]
    only_next = new_vault("local:next")
    assert [await only_next.open_one(value) for value in sealed] == [NAME] * 5
    assert await only_next.open_one(await only_next.seal("s_0", Plain("more"))) == "more"


async def test_the_data_are_read_and_written_meanwhile(vault: Vault, new_vault: NewVault) -> None:
    [sealed], both = await sealed_for(vault, 1), new_vault("local:next", "local")
    await both.rewrap("local:next")
    assert await vault.open_one(sealed) == NAME  # still in its memory
    assert await new_vault("local", "local:next").open_one(sealed) == NAME
    assert await both.open_one(await vault.seal("s_new", Plain("x"))) == "x"
    assert await both.rewrap("local:next") == 1


async def test_broken_off_it_goes_on_where_it_was(vault: Vault, new_vault: NewVault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "REWRAPPED_AT_ONCE", 2)
    sealed = await sealed_for(vault, 5)
    assert await new_vault("local:next", "local").rewrap("local:next") == 2
    waiting = await vault.keys.count_documents({"masterKey.provider": "local"})
    assert waiting == 3
    other = new_vault("local:next", "local")
    assert [await other.rewrap("local:next") for _ in range(3)] == [2, 1, 0]
    assert [await new_vault("local:next").open_one(value) for value in sealed] == [NAME] * 5


@pytest.mark.proves("SEC-75")
async def test_what_is_erased_while_it_is_rewrapped_stays_erased(
    vault: Vault, new_vault: NewVault, monkeypatch: pytest.MonkeyPatch
) -> None:
    [sealed], both = await sealed_for(vault, 1), new_vault("local:next", "local")
    monkeypatch.setattr(both._encryption, "_key_vault_coll", ErasedBeforeTheWrite(both, vault))
    await both.rewrap("local:next")
    assert await vault.keys.count_documents({"keyMaterial": {"$exists": True}}) == 0
    assert await new_vault("local:next", "local").open_one(sealed) is ERASED
    with pytest.raises(SubjectErased):
        await vault.seal("s_0", Plain("x"))


class ErasedBeforeTheWrite:
    """The key vault as libmongocrypt's driver sees it, with an erasure between its reading and its writing."""

    def __init__(self, rewrapping: Vault, erasing: Vault) -> None:
        self._keys, self._erasing = rewrapping._encryption._key_vault_coll, erasing

    async def bulk_write(self, writes: Any) -> Any:
        await self._erasing.erase("s_0", now=NOW)
        result = await self._keys.bulk_write(writes)
        assert await self._erasing.keys.count_documents({"keyMaterial": {"$exists": True}}) == 1
        return result


async def test_tombstones_are_left_alone(vault: Vault, new_vault: NewVault) -> None:
    sealed = await sealed_for(vault, 3)
    await vault.erase("s_1", now=NOW)
    assert await new_vault("local:next", "local").rewrap("local:next") == 2
    only_next = new_vault("local:next")
    assert [await only_next.open_one(value) for value in sealed] == [NAME, ERASED, NAME]
