"""A notice becomes one row in the inbox and one delivery a phone, however often it is posted."""

import asyncio

import pytest

from backend.app.parts import Parts
from notifications.documents import Delivery, InboxItem
from notifications.errors import UnknownMessage
from notifications.targets.register import remove
from tests.support.notices import a_notice, only_delivery, post, registered
from tests.support.officials import citizen


@pytest.mark.proves("I4")
async def test_posted_again_and_again_it_is_one_notice_and_one_delivery_a_phone(parts: Parts) -> None:
    for _ in range(3):
        await registered(parts)
    notice = a_notice()
    ids = {await post(parts, notice) for _ in range(3)} | set(await asyncio.gather(*(post(parts, notice) for _ in range(5))))
    assert len(ids) == 1
    assert await InboxItem.find_all().count() == 1
    assert await Delivery.find_all().count() == 3


@pytest.mark.proves("I4")
async def test_a_crash_between_inbox_and_planning_is_healed_by_posting_again(parts: Parts) -> None:
    await registered(parts)
    notice = a_notice()
    await post(parts, notice)
    await parts.db["deliveries"].delete_many({})
    await post(parts, notice)
    assert (await only_delivery()).state == "pending"


async def test_another_event_another_recipient_or_another_message_is_another_notice(parts: Parts) -> None:
    await post(parts, a_notice(dedupe_key="1"))
    await post(parts, a_notice(dedupe_key="2"))
    await post(parts, a_notice("s_nam", dedupe_key="1"))
    await post(parts, a_notice(message="dossier.accepted", dedupe_key="1"))
    assert await InboxItem.find_all().count() == 4


@pytest.mark.proves("I5")
async def test_only_the_recipients_phones_that_are_registered_now_get_a_delivery(parts: Parts) -> None:
    mine, gone, other = await registered(parts), await registered(parts), await registered(parts, "s_nam")
    await remove(citizen(), gone.id)
    await post(parts)
    delivery = await only_delivery()
    assert (delivery.installation, delivery.epoch, delivery.recipient) == (mine.id, 1, "s_lan")
    assert delivery.installation != other.id


async def test_a_delivery_that_is_done_is_not_planned_anew(parts: Parts) -> None:
    await registered(parts)
    notice = a_notice()
    await post(parts, notice)
    await parts.db["deliveries"].update_many({}, {"$set": {"state": "sent"}})
    await post(parts, notice)
    assert (await only_delivery()).state == "sent"


async def test_without_a_phone_the_inbox_has_it_all_the_same(parts: Parts) -> None:
    await post(parts)
    assert await InboxItem.find_all().count() == 1
    assert await Delivery.find_all().count() == 0


async def test_a_message_nobody_wrote_is_refused(parts: Parts) -> None:
    with pytest.raises(UnknownMessage):
        await post(parts, a_notice(message="dossier.exploded"))
    assert await InboxItem.find_all().count() == 0
