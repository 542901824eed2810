"""What a backup brings back, and what it does not (SEC-75)."""

import pytest

from backend.privacy.actions.answer_request import acknowledge
from backend.privacy.actions.erase import erase_again
from backend.privacy.actions.make_request import request_erasure
from backend.privacy.documents import ErasureRequest
from backend.privacy.jobs import look_at_erasures
from backend.privacy.queries import erased_subjects
from kernel.privacy.vault import ERASED
from tests.unit.privacy_slice.keeper import ADMIN, NAME, NUMBER, Keeper

pytestmark = pytest.mark.proves("SEC-75")


async def erased(keeper: Keeper) -> None:
    """The citizen asks, waits, and is erased."""
    held = keeper.holdings
    request = await request_erasure(keeper.citizen(), now=keeper.clock.now(), calendar=held.calendar(), audit=held.audit)
    request = await acknowledge(ErasureRequest, ADMIN, request.id, held)
    assert request.waits_until
    keeper.clock.advance(request.waits_until - keeper.clock.now())
    assert (await look_at_erasures(held)).erased == 1


async def test_yesterdays_data_stay_unreadable_because_their_keys_lie_elsewhere(keeper: Keeper) -> None:
    await keeper.note()
    backup = await keeper.dump()
    await erased(keeper)
    await keeper.restore(backup)

    (note,) = await keeper.opened()
    assert note["whose"] == keeper.subject, "the look-ups are back: that is why erasures are repeated after a restore"
    assert note["name"] is note["text"] is note["file"]["key"] is ERASED
    assert await keeper.db["notes"].count_documents({}) == 1

    # The requests that were done went with the restored data: the tombstones beside the keys still know.
    assert list(await erased_subjects(keeper.holdings.vault)) == [keeper.subject]
    assert await erase_again(keeper.subject, keeper.holdings) == 1
    assert "whose" not in (await keeper.opened())[0]
    assert await keeper.holdings.subjects.of(NUMBER) != keeper.subject


async def test_restored_keys_without_restored_data_are_destroyed_again(keeper: Keeper) -> None:
    await keeper.note()
    keys = await keeper.dump(keeper.keys)
    await erased(keeper)
    await keeper.restore(keys, keeper.keys)
    assert (await keeper.opened())[0]["name"] == NAME, "a restored key opens: that is what has to be undone"
    for subject in await erased_subjects(keeper.holdings.vault):
        await erase_again(subject, keeper.holdings)
    assert (await keeper.opened())[0]["name"] is ERASED


async def test_with_both_restored_the_ledger_kept_apart_erases_again(keeper: Keeper) -> None:
    await keeper.note()
    data, keys = await keeper.dump(), await keeper.dump(keeper.keys)
    await erased(keeper)
    ledger = await erased_subjects(keeper.holdings.vault)
    await keeper.restore(data)
    await keeper.restore(keys, keeper.keys)
    assert await erased_subjects(keeper.holdings.vault) == {}
    assert (await keeper.opened())[0]["name"] == NAME

    assert [await erase_again(subject, keeper.holdings) for subject in ledger] == [2]

    (note,) = await keeper.opened()
    assert note["name"] is note["text"] is note["file"]["key"] is ERASED
    assert await keeper.holdings.subjects.of(NUMBER) != keeper.subject
    assert keeper.audit.actions()[-1] == "erasure.reapplied"
    assert [await erase_again(subject, keeper.holdings) for subject in ledger] == [0], "repeatable, and says when nothing was left"


async def test_the_ledger_names_a_subject_once_and_no_key(keeper: Keeper) -> None:
    await keeper.note()
    await erased(keeper)
    stone = {"keyAltNames": [f"subject:{keeper.subject}:retired:abc"], "erased_at": keeper.clock.now()}
    await keeper.keys["keys"].insert_one(stone)
    assert list(await erased_subjects(keeper.holdings.vault)) == [keeper.subject]
