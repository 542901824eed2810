"""What phones say of their pushes: repeatable, in any order, only ever growing, and the end of what nobody answered."""

import itertools
from datetime import timedelta

import pytest

from backend.app.parts import Parts
from notifications.receipts.accept import Receipt, accept
from notifications.stages import LEVELS, STAGES, Stage
from tests.support.firebase import Firebase
from tests.support.notices import make_due, only_delivery, phone_of, post, registered, sender


async def receipt(parts: Parts, stage: Stage = "delivered", *, late: timedelta = timedelta(), recipient: str = "s_lan") -> int:
    delivery = await only_delivery()
    said = Receipt(delivery.notice, delivery.installation, stage, parts.clock.now() + late)
    return await accept(recipient, [said], now=parts.clock.now())


@pytest.mark.proves("I33")
@pytest.mark.parametrize("order", list(itertools.permutations(STAGES)))
async def test_in_any_order_and_however_often_the_level_only_rises(parts: Parts, order: tuple[Stage, ...]) -> None:
    await registered(parts)
    await post(parts)
    highest = 0
    for stage in (*order, *order):
        assert await receipt(parts, stage) == 1
        highest = max(highest, LEVELS[stage])
        assert (await only_delivery()).seen.level == highest
    seen = (await only_delivery()).seen
    assert None not in (seen.delivered_at, seen.displayed_at, seen.opened_at)


@pytest.mark.proves("I33")
async def test_of_each_stage_the_earliest_time_counts_and_none_from_the_future(parts: Parts) -> None:
    await registered(parts)
    await post(parts)
    now = parts.clock.now()
    for late in (timedelta(hours=3), timedelta(minutes=-5), timedelta(minutes=-1)):
        await receipt(parts, late=late)
    assert (await only_delivery()).seen.delivered_at == now - timedelta(minutes=5)


@pytest.mark.proves("I33")
async def test_nobody_answers_for_anothers_phone(parts: Parts) -> None:
    await registered(parts)
    await post(parts)
    assert await receipt(parts, recipient="s_nam") == 0
    delivery = await only_delivery()
    assert (delivery.state, delivery.seen.level) == ("pending", 0)


@pytest.mark.proves("I10")
async def test_what_a_phone_has_is_not_sent_again_though_firebase_never_answered(parts: Parts, firebase: Firebase) -> None:
    phone = await phone_of(parts, firebase)
    await post(parts)
    await firebase.arm(dropConnection="after", times=1)
    await sender(parts, firebase).drain()
    assert (await only_delivery()).state == "pending"
    await receipt(parts)
    delivery = await only_delivery()
    assert (delivery.state, delivery.reason) == ("sent", "receipt")
    await make_due(parts)
    assert await sender(parts, firebase).drain() == 0
    assert len(await phone.messages()) == 1


@pytest.mark.proves("I10", "I33")
async def test_a_receipt_may_come_before_the_answer_it_is_about(parts: Parts, firebase: Firebase) -> None:
    """The phone was quicker than Firebase's answer to us, and that answer was an error."""
    phone = await phone_of(parts, firebase)
    await post(parts)
    await parts.db["deliveries"].update_one({}, {"$set": {"lease": "somebody"}})
    await receipt(parts, "displayed")
    delivery = await only_delivery()
    assert (delivery.state, delivery.seen.level) == ("pending", 2)
    await parts.db["deliveries"].update_one({}, {"$unset": {"lease": ""}, "$set": {"lane": "retry", "tries": 1}})
    await make_due(parts)
    assert await sender(parts, firebase).drain() == 1
    delivery = await only_delivery()
    assert (delivery.state, delivery.reason) == ("sent", "receipt")
    assert await phone.messages() == []


async def test_a_receipt_changes_no_end(parts: Parts, firebase: Firebase) -> None:
    await phone_of(parts, firebase)
    await post(parts)
    await sender(parts, firebase).drain()
    before = await only_delivery()
    await receipt(parts, "opened")
    after = await only_delivery()
    assert (after.state, after.reason, after.finished_at) == ("sent", before.reason, before.finished_at)
    assert after.seen.level == 3
