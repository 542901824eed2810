"""Whose phone it is, and under which address Firebase knows it: one address, one installation, one citizen (I16)."""

import asyncio

import pytest

from backend.app.parts import Parts
from notifications.documents import PushTarget
from notifications.errors import PushTargetNotFound
from notifications.targets.register import remove, retire
from tests.support.notices import registered
from tests.support.officials import citizen

INSTALLATION, VALUE = "installation-of-one-phone", "fid-of-one-phone"


async def active(parts: Parts) -> list[tuple[str, str]]:
    """Installation and owner of everything that is registered."""
    return sorted((t.id, t.recipient) for t in await PushTarget.find({"active": True}).to_list())


async def test_registering_again_refreshes_and_changes_nothing_else(parts: Parts) -> None:
    first = await registered(parts, value=VALUE, installation=INSTALLATION)
    again = await registered(parts, value=VALUE, installation=INSTALLATION)
    assert (again.id, again.epoch, again.registered_at) == (first.id, 1, first.registered_at)
    assert await PushTarget.find_all().count() == 1


@pytest.mark.proves("I14", "I16")
async def test_whoever_signs_in_on_it_last_owns_it(parts: Parts) -> None:
    await registered(parts, "s_lan", VALUE, installation=INSTALLATION)
    handed_on = await registered(parts, "s_nam", VALUE, installation=INSTALLATION)
    assert (handed_on.recipient, handed_on.epoch) == ("s_nam", 2)
    assert await active(parts) == [(INSTALLATION, "s_nam")]


@pytest.mark.proves("I16")
@pytest.mark.parametrize("owner", ["s_lan", "s_nam"])
async def test_an_address_that_moves_to_another_installation_leaves_the_old_one(parts: Parts, owner: str) -> None:
    await registered(parts, "s_lan", VALUE, installation=INSTALLATION)
    await registered(parts, owner, VALUE, installation="another-installation")
    assert await active(parts) == [("another-installation", owner)]
    old = await PushTarget.get(INSTALLATION)
    assert old
    assert old.retired_reason == "moved"


@pytest.mark.proves("I16")
async def test_however_many_register_one_address_at_once_one_has_it(parts: Parts) -> None:
    await asyncio.gather(*(registered(parts, f"s_{n}", VALUE, installation=f"installation-{n}") for n in range(4)))
    assert len(await active(parts)) == 1


@pytest.mark.proves("I15")
async def test_an_epoch_counts_every_change_of_who_or_where(parts: Parts) -> None:
    epochs = [
        (await registered(parts, key, value, installation=INSTALLATION)).epoch
        for key, value in (("s_lan", "a" * 9), ("s_lan", "b" * 9), ("s_nam", "b" * 9), ("s_nam", "b" * 9))
    ]
    assert epochs == [1, 2, 3, 3]
    await remove(citizen("s_nam"), INSTALLATION)
    assert (await registered(parts, "s_nam", "b" * 9, installation=INSTALLATION)).epoch == 4


@pytest.mark.proves("I15")
async def test_a_late_answer_to_an_old_registration_does_not_end_the_new_one(parts: Parts) -> None:
    await registered(parts, value="a" * 9, installation=INSTALLATION)
    await registered(parts, value="b" * 9, installation=INSTALLATION)
    await retire(INSTALLATION, 1, "unregistered")
    assert await active(parts) == [(INSTALLATION, "s_lan")]
    await retire(INSTALLATION, 2, "unregistered")
    assert await active(parts) == []


async def test_a_phone_is_forgotten_by_its_owner_only(parts: Parts) -> None:
    await registered(parts, value=VALUE, installation=INSTALLATION)
    with pytest.raises(PushTargetNotFound):
        await remove(citizen("s_nam"), INSTALLATION)
    await remove(citizen("s_lan"), INSTALLATION)
    assert await active(parts) == []
    with pytest.raises(PushTargetNotFound):
        await remove(citizen("s_lan"), INSTALLATION)


@pytest.mark.proves("I27")
async def test_an_address_is_not_printed_with_a_push(parts: Parts) -> None:
    from notifications.channels.port import Push

    device = await registered(parts, value=VALUE)
    push = Push("n", "android", device.target, "dossier", True, "t", "b", parts.clock.now())
    assert VALUE not in repr(push)
