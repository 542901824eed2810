"""Data keys are changed while everything goes on, by a job that may be broken off (SEC-74)."""

from datetime import UTC, datetime
from typing import Any

import pytest

from kernel.errors import StaleVersion
from kernel.mongo.client import Database
from kernel.privacy import rotation as module
from kernel.privacy.errors import SubjectErased
from kernel.privacy.field import Plain, Sealed
from kernel.privacy.rotation import Rotation
from kernel.privacy.vault import ERASED, Vault
from kernel.privacy.walk import each
from tests.unit.privacy.cards import NAME, NOW, Card, NewVault, Remark, raw

pytestmark = pytest.mark.proves("SEC-74")


@pytest.fixture
def job(new_vault: NewVault, vault: Vault, database: Database) -> Rotation:
    """Over a vault that forgets at once, so that no test waits."""
    return Rotation(new_vault(expires_ms=1), database, ["cards"])


async def run(job: Rotation) -> dict[str, int]:
    done = {"retired": 0, "read": 0, "renewed": 0}
    async for what, many in job.run(now=datetime.now(UTC)):
        done[what] += many
    return done


async def cards(many: int) -> list[Card]:
    return [
        await Card(owner=f"s_{n}", name=Plain(NAME), remarks=(Remark(text=Plain(str(n))), Remark(text=Plain("x")))).commit()
        for n in range(many)
    ]


async def keys_in(database: Database, kept: list[Card]) -> set[bytes]:
    return {sealed.key_id for card in kept for sealed in each(await raw(database, card), Sealed)}


async def test_everything_is_under_a_new_key_and_reads_as_before(job: Rotation, database: Database, new_vault: NewVault) -> None:
    kept = await cards(3)
    before = await keys_in(database, kept)
    assert (done := await run(job))["retired"] == 3
    assert done["renewed"] == 3
    after = await keys_in(database, kept)
    assert len(after) == 3
    assert after.isdisjoint(before)
    rows = await new_vault().open([await raw(database, card) for card in kept])
    assert [(row["name"], row["remarks"][0]["text"], row["version"]) for row in rows] == [(NAME, str(n), 1) for n in range(3)]


async def test_it_makes_nobodys_work_stale_and_finds_what_was_written_back(job: Rotation, database: Database) -> None:
    [card] = await cards(1)
    loaded = await Card.get(card.id)
    assert loaded
    before = await keys_in(database, [card])
    await run(job)
    loaded.phones = [Plain("0912")]
    await loaded.commit()
    assert await keys_in(database, [card]) == before
    assert (await run(job))["renewed"] == 1
    assert (await keys_in(database, [card])).isdisjoint(before)
    with pytest.raises(StaleVersion):
        await card.commit()


@pytest.mark.parametrize("steps", range(1, 7))
async def test_broken_off_anywhere_it_is_finished_by_the_next(
    job: Rotation, vault: Vault, database: Database, new_vault: NewVault, monkeypatch: pytest.MonkeyPatch, steps: int
) -> None:
    monkeypatch.setattr(module, "KEYS_AT_ONCE", 2)
    monkeypatch.setattr(module, "ROWS_AT_ONCE", 2)
    kept = await cards(5)
    before = await keys_in(database, kept)
    broken = job.run(now=datetime.now(UTC))
    for _ in range(steps):
        await anext(broken)
    await broken.aclose()  # type: ignore[attr-defined]
    await run(Rotation(new_vault(expires_ms=1), database, ["cards"]))
    after = await keys_in(database, kept)
    assert after.isdisjoint(before)
    # One present and one retired key each: going on did not begin anew.
    assert await vault.keys.count_documents({}) == 10
    assert [row["name"] for row in await new_vault().open([await raw(database, card) for card in kept])] == [NAME] * 5


async def test_a_citizen_is_sealed_under_the_new_key_between_the_steps(
    job: Rotation, database: Database, new_vault: NewVault
) -> None:
    [card] = await cards(1)
    going = job.run(now=datetime.now(UTC))
    assert await anext(going) == ("retired", 1)
    other = await Card(owner="s_0", name=Plain("more")).commit()
    async for _ in going:
        pass
    opened = await new_vault().open([await raw(database, one) for one in (card, other)])
    assert [row["name"] for row in opened] == [NAME, "more"]


@pytest.mark.proves("SEC-75")
async def test_erasure_destroys_every_generation_of_a_key(
    job: Rotation, vault: Vault, database: Database, new_vault: NewVault
) -> None:
    [card] = await cards(1)
    old = await raw(database, card)
    await run(job)
    await run(job)
    assert await new_vault().open_one(old["name"]) == NAME
    await vault.erase("s_0", now=NOW)
    assert await vault.keys.count_documents({"keyMaterial": {"$exists": True}}) == 0
    opened = await new_vault().open([old, await raw(database, card)])
    assert [row["name"] for row in opened] == [ERASED, ERASED]


@pytest.mark.proves("SEC-75")
async def test_rotation_brings_no_erased_subject_back(job: Rotation, vault: Vault, database: Database, new_vault: NewVault) -> None:
    kept = await cards(2)
    going = job.run(now=datetime.now(UTC))
    await anext(going)
    await vault.erase("s_0", now=NOW)
    async for _ in going:
        pass
    await run(job)
    opened = await new_vault().open([await raw(database, card) for card in kept])
    assert [row["name"] for row in opened] == [ERASED, NAME]
    with pytest.raises(SubjectErased):
        await new_vault().seal("s_0", Plain("x"))


async def test_look_up_tokens_stay_what_they_are(job: Rotation, vault: Vault, new_vault: NewVault) -> None:
    before = await vault.token("lan")
    await run(job)
    assert await new_vault().token("lan") == before


async def test_another_subject_whose_name_begins_alike_is_not_touched(job: Rotation, vault: Vault, new_vault: NewVault) -> None:
    one, two = await vault.seal("s_1", Plain("1")), await vault.seal("s_1x", Plain("2"))
    await run(job)
    await vault.erase("s_1", now=NOW)
    assert [await new_vault().open_one(sealed) for sealed in (one, two)] == [ERASED, "2"]


class ErasedBeforeTheName:
    """The keys as the rotation sees them: somebody erases the subject between its look at a key and its taking the name away."""

    def __init__(self, keys: Any, erasing: Vault) -> None:
        self._keys, self._erasing = keys, erasing

    def __getattr__(self, name: str) -> Any:
        return getattr(self._keys, name)

    async def update_one(self, *given: Any) -> Any:
        await self._erasing.erase("s_0", now=NOW)
        return await self._keys.update_one(*given)


@pytest.mark.proves("SEC-75")
async def test_a_tombstone_keeps_its_name_also_when_it_is_erased_at_that_moment(
    job: Rotation, vault: Vault, new_vault: NewVault, monkeypatch: pytest.MonkeyPatch
) -> None:
    await vault.seal("s_0", Plain(NAME))
    monkeypatch.setattr(job._vault, "keys", ErasedBeforeTheName(job._vault.keys, vault))
    await run(job)
    with pytest.raises(SubjectErased):
        await new_vault().seal("s_0", Plain("x"))
