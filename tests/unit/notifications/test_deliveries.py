"""What becomes of a delivery: not sent where it no longer should be, in one sender's hand at a time, brought to exactly one end."""

import asyncio
from datetime import timedelta

import pytest

from backend.app.parts import Parts
from kernel.clock import TestClock
from notifications.delivery import pacing, queue
from notifications.documents import Delivery
from notifications.inbox.read import mark
from notifications.targets.register import remove
from tests.support.firebase import Firebase
from tests.support.notices import a_notice, make_due, only_delivery, pause_of, phone_of, post, registered, sender
from tests.support.officials import citizen
from tests.support.waiting import until


@pytest.mark.proves("I13")
async def test_what_was_read_before_it_was_sent_is_not_sent(parts: Parts, firebase: Firebase) -> None:
    await phone_of(parts, firebase)
    notice = await post(parts)
    await mark("s_lan", notice, read_at=parts.clock.now())
    await sender(parts, firebase).drain()
    assert (await only_delivery()).reason == "read"
    assert await firebase.log() == []


@pytest.mark.proves("I24")
async def test_what_is_too_late_is_not_sent(parts: Parts, firebase: Firebase) -> None:
    await phone_of(parts, firebase)
    notice = await post(parts)
    await parts.db["inbox"].update_one({"_id": notice}, {"$set": {"expires_at": parts.clock.now()}})
    await sender(parts, firebase).drain()
    delivery = await only_delivery()
    assert (delivery.state, delivery.reason) == ("expired", "too_late")
    assert await firebase.log() == []


@pytest.mark.proves("I24")
async def test_a_push_lives_no_longer_than_its_notice(parts: Parts, firebase: Firebase, clock: TestClock) -> None:
    phone = await phone_of(parts, firebase)
    notice = await post(parts)
    await parts.db["inbox"].update_one({"_id": notice}, {"$set": {"expires_at": clock.now() + timedelta(seconds=90)}})
    await sender(parts, firebase).drain()
    [message] = await phone.messages()
    assert message["message"]["android"]["ttl"] == "90s"


@pytest.mark.proves("I14")
@pytest.mark.parametrize("what", ["removed", "handed on", "another address"])
async def test_a_phone_that_is_no_longer_theirs_is_not_sent_to(parts: Parts, firebase: Firebase, what: str) -> None:
    phone = await phone_of(parts, firebase)
    await post(parts)
    if what == "removed":
        await remove(citizen(), phone.target.id)
    else:
        owner = "s_nam" if what == "handed on" else "s_lan"
        value = phone.target.target.value if what == "handed on" else "another-address"
        await registered(parts, owner, value, installation=phone.target.id)
    await sender(parts, firebase).drain()
    delivery = await only_delivery()
    assert (delivery.state, delivery.reason) == ("suppressed", "target_gone")
    assert await firebase.log() == []


@pytest.mark.proves("I6")
async def test_a_sender_that_lost_its_lease_changes_nothing(parts: Parts, firebase: Firebase) -> None:
    await phone_of(parts, firebase)
    await post(parts)
    await firebase.arm(delayMs=400, times=1)
    slow = asyncio.create_task(sender(parts, firebase).drain())
    await until(firebase.log)
    await make_due(parts)
    await sender(parts, firebase).drain()
    after = await parts.db["deliveries"].find_one({})
    assert after
    assert after["state"] == "sent"
    await slow
    late = await parts.db["deliveries"].find_one({})
    assert late
    # What came back too late is kept where an operator sees it, and has decided nothing.
    assert [evidence["outcome"] for evidence in late.pop("late")] == ["sent"]
    assert late == {name: value for name, value in after.items() if name != "late"}


@pytest.mark.proves("I6", "I7")
async def test_a_claim_is_a_lease_that_runs_out(parts: Parts, firebase: Firebase) -> None:
    await phone_of(parts, firebase)
    await post(parts)
    claims = await asyncio.gather(*(queue.claim(f"token-{n}", "urgent") for n in range(5)))
    assert sum(len(claim) for claim in claims) == 1
    assert timedelta() < pause_of(await only_delivery()) <= queue.LEASE
    await make_due(parts)
    [again] = await queue.claim("another", "urgent")
    assert (again["tries"], again["lease"]) == (2, "another")


@pytest.mark.proves("I21")
async def test_tries_are_bounded_and_then_it_has_failed(parts: Parts, firebase: Firebase) -> None:
    await phone_of(parts, firebase)
    await post(parts)
    await firebase.arm(detail="INTERNAL")
    for _ in range(pacing.MAX_TRIES + 2):
        await make_due(parts)
        await sender(parts, firebase).drain()
    delivery = await only_delivery()
    assert (delivery.state, delivery.reason) == ("failed", "tries_exhausted")
    assert len(delivery.attempts) == pacing.MAX_TRIES == len(await firebase.log())


@pytest.mark.proves("I2")
async def test_every_delivery_reaches_exactly_one_end(parts: Parts, firebase: Firebase) -> None:
    for n in range(6):
        await phone_of(parts, firebase, f"s_{n % 3}")
    gone = await phone_of(parts, firebase, "s_0")
    await firebase.uninstall(gone.device)
    for n in range(3):
        await post(parts, a_notice(f"s_{n}"))
    await firebase.arm(detail="UNAVAILABLE", times=3)
    for _ in range(4):
        await make_due(parts)
        await asyncio.gather(*(sender(parts, firebase).drain() for _ in range(4)))
    states = [delivery.state for delivery in await Delivery.find_all().to_list()]
    assert sorted(states) == ["failed", *["sent"] * 6]
