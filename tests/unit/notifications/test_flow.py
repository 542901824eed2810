"""Many deliveries at once: who goes first, who has to wait, who is not sent at all, and what a stop leaves behind."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backend.app.parts import Parts
from kernel.clock import TestClock
from kernel.ids import new_id
from notifications.delivery import queue
from notifications.delivery.breaker import TRIPS_AFTER, Strangers
from notifications.delivery.sender import Sender
from notifications.documents import Delivery, PushTarget
from notifications.lanes import GONE_AFTER
from tests.support.firebase import Firebase
from tests.support.notices import Phone, a_notice, everybody, make_due, only_delivery, phone_of, post, sender
from tests.support.waiting import until

OLDER, NEWER = "dossier.accepted", "dossier.returned"


async def deliveries(**wanted: Any) -> list[Delivery]:
    return await Delivery.find(wanted).to_list()


async def ends() -> dict[str, tuple[str, str | None]]:
    return {delivery.message: (delivery.state, delivery.reason) for delivery in await deliveries()}


async def backlog(parts: Parts, phones: list[Phone], count: int, lane: str) -> None:
    """So many deliveries of notices of their own, spread over the phones."""
    for n in range(count):
        phone = phones[n % len(phones)]
        await post(parts, a_notice(phone.target.recipient, link=f"/x/{new_id()}"))
    await parts.db["deliveries"].update_many({}, {"$set": {"lane": lane}})


@pytest.mark.proves("I13", "I26")
async def test_what_a_newer_notice_about_the_same_thing_covers_is_not_sent(parts: Parts, firebase: Firebase) -> None:
    phone = await phone_of(parts, firebase)
    for message in (OLDER, NEWER):
        await post(parts, a_notice(message=message))
    await sender(parts, firebase).drain()
    assert await ends() == {OLDER: ("suppressed", "superseded"), NEWER: ("sent", None)}
    [shown] = await phone.visible()
    assert "returned" in shown["alert"]["titleLocKey"]


@pytest.mark.proves("I26")
async def test_an_older_notice_that_could_not_be_sent_in_time_is_not_shown_after_the_newer(
    parts: Parts, firebase: Firebase
) -> None:
    phone = await phone_of(parts, firebase)
    await post(parts, a_notice(message=OLDER))
    await firebase.arm(detail="UNAVAILABLE", times=1)
    await sender(parts, firebase).drain()
    await post(parts, a_notice(message=NEWER))
    await make_due(parts)
    await sender(parts, firebase).drain()
    await make_due(parts)
    await sender(parts, firebase).drain()
    assert await ends() == {OLDER: ("suppressed", "superseded"), NEWER: ("sent", None)}
    assert len(await phone.messages()) == 1


@pytest.mark.proves("I26")
async def test_the_newer_waits_while_another_worker_is_just_sending_the_older(parts: Parts, firebase: Firebase) -> None:
    phone = await phone_of(parts, firebase)
    await post(parts, a_notice(message=OLDER))
    await firebase.arm(delayMs=500, times=1)
    slow = asyncio.create_task(sender(parts, firebase).drain())
    await until(firebase.log)
    await post(parts, a_notice(message=NEWER))
    await sender(parts, firebase).drain()
    [held] = await deliveries(message=NEWER)
    assert (held.state, held.tries, [a.detail for a in held.attempts]) == ("pending", 0, ["older_first"])
    await slow
    await make_due(parts)
    await sender(parts, firebase).drain()
    assert ["accepted" in m["alert"]["titleLocKey"] for m in await phone.messages()] == [True, False]


@pytest.mark.proves("I26")
async def test_news_that_must_be_read_is_not_covered_by_news_that_is_muted(parts: Parts, firebase: Firebase) -> None:
    phone = await phone_of(parts, firebase)
    await parts.db["preferences"].insert_one({"_id": "s_lan", "recipient": "s_lan", "muted": {"push": ["dossier"]}, "version": 1})
    for message in ("dossier.needs_papers", "dossier.stopped"):
        await post(parts, a_notice(message=message))
    await sender(parts, firebase).drain()
    await make_due(parts)
    await sender(parts, firebase).drain()
    assert await ends() == {"dossier.needs_papers": ("sent", None), "dossier.stopped": ("suppressed", "muted")}
    assert len(await phone.visible()) == 1


@pytest.mark.proves("I37")
@pytest.mark.parametrize("skew", [timedelta(minutes=-5), timedelta(minutes=5)])
async def test_a_poster_whose_clock_is_wrong_changes_neither_order_nor_time(
    parts: Parts, firebase: Firebase, clock: TestClock, skew: timedelta
) -> None:
    phone = await phone_of(parts, firebase)
    await post(parts, a_notice(message=OLDER))
    clock.advance(skew)
    try:
        await post(parts, a_notice(message=NEWER))
        await sender(parts, firebase).drain()
    finally:
        clock.advance(-skew)
    assert await ends() == {OLDER: ("suppressed", "superseded"), NEWER: ("sent", None)}
    assert len(await phone.messages()) == 1


@pytest.mark.proves("I37")
async def test_leases_of_workers_with_wrong_clocks_are_the_databases(parts: Parts, firebase: Firebase) -> None:
    await phone_of(parts, firebase)
    await post(parts)
    ahead = TestClock(datetime.now(UTC) + timedelta(minutes=5))
    await firebase.arm(delayMs=300, times=1)
    slow = asyncio.create_task(Sender(parts.db, firebase.channel, ahead, consenting=everybody).drain())
    await until(firebase.log)
    assert await sender(parts, firebase).drain() == 0
    await slow
    assert len(await firebase.log()) == 1


@pytest.mark.proves("I18")
async def test_a_phone_not_heard_of_for_nine_months_is_not_sent_to(parts: Parts, firebase: Firebase) -> None:
    phone = await phone_of(parts, firebase)
    await post(parts)
    long_ago = parts.clock.now() - GONE_AFTER - timedelta(days=1)
    await parts.db["push_targets"].update_one({}, {"$set": {"refreshed_at": long_ago}})
    await sender(parts, firebase).drain()
    assert (await only_delivery()).reason == "target_stale"
    assert await phone.messages() == []


@pytest.mark.proves("I18")
async def test_a_phone_not_heard_of_for_a_month_goes_behind_the_others(parts: Parts, firebase: Firebase) -> None:
    await phone_of(parts, firebase)
    await parts.db["push_targets"].update_one({}, {"$set": {"refreshed_at": parts.clock.now() - timedelta(days=31)}})
    await post(parts, a_notice(message=OLDER))
    assert (await only_delivery()).lane == "broadcast"
    await sender(parts, firebase).drain()
    assert (await only_delivery()).state == "sent"


@pytest.mark.proves("I25")
async def test_apples_trouble_is_not_androids(parts: Parts, firebase: Firebase) -> None:
    apples = [await phone_of(parts, firebase, f"s_{n}", platform="ios") for n in range(TRIPS_AFTER + 3)]
    android = await phone_of(parts, firebase, "s_android")
    await firebase.arm(match={"platform": "ios"}, detail="THIRD_PARTY_AUTH_ERROR")
    worker = sender(parts, firebase)
    await backlog(parts, apples, TRIPS_AFTER, "normal")
    await worker.drain()
    asked = len(await firebase.log())
    await backlog(parts, [*apples, android], len(apples) + 1, "normal")
    await worker.drain()
    assert len(await firebase.log()) == asked + 1
    assert len(await android.visible()) == 1
    waiting = await deliveries(state="pending")
    assert {delivery.tries for delivery in waiting} == {0}
    assert all(target.active for target in await PushTarget.find_all().to_list())


@pytest.mark.proves("I17")
@pytest.mark.parametrize("detail", ["PERMISSION_DENIED", "NOT_FOUND", "UNAUTHENTICATED", "SENDER_ID_MISMATCH"])
async def test_when_the_project_is_at_fault_the_sender_stops_asking_and_costs_nobody_anything(
    parts: Parts, firebase: Firebase, detail: str
) -> None:
    phones = [await phone_of(parts, firebase, f"s_{n}") for n in range(TRIPS_AFTER)]
    worker = sender(parts, firebase)
    await firebase.arm(detail=detail)
    await backlog(parts, phones, TRIPS_AFTER, "normal")
    await worker.drain()
    asked = len(await firebase.log())
    await backlog(parts, phones, 10, "normal")
    assert await worker.drain() == 0
    assert len(await firebase.log()) == asked
    assert {delivery.tries for delivery in await deliveries(state="pending")} == {0}
    assert all(target.active for target in await PushTarget.find_all().to_list())


@pytest.mark.proves("I15", "I17")
async def test_a_stray_address_of_another_project_is_retired_and_many_are_not(parts: Parts, firebase: Firebase) -> None:
    ours = await phone_of(parts, firebase, "s_ours")
    strays = [await phone_of(parts, firebase, f"s_{n}") for n in range(Strangers.MANY + 2)]
    worker = sender(parts, firebase)
    await backlog(parts, [ours], 1, "normal")
    await worker.drain()
    for stray in strays:
        await firebase.arm(match={"device": stray.device["installationId"]}, detail="SENDER_ID_MISMATCH")
        await backlog(parts, [stray], 1, "normal")
        await worker.drain()
    active = [target.id for target in await PushTarget.find({"active": True}).to_list()]
    assert sorted(active) == sorted(phone.target.id for phone in (ours, *strays[Strangers.MANY :]))


@pytest.mark.proves("I20")
async def test_the_projects_quota_silences_every_sender(parts: Parts, firebase: Firebase) -> None:
    phone = await phone_of(parts, firebase)
    first, second = sender(parts, firebase), sender(parts, firebase)
    await firebase.arm(detail="RATE_LIMIT_EXCEEDED", retryAfter="120", times=1)
    await backlog(parts, [phone], 1, "normal")
    await first.drain()
    await backlog(parts, [phone], 5, "normal")
    assert [await first.drain(), await second.drain()] == [0, 0]
    assert len(await firebase.log()) == 1


@pytest.mark.proves("I20")
async def test_one_devices_quota_is_nobody_elses(parts: Parts, firebase: Firebase) -> None:
    busy, free = await phone_of(parts, firebase, "s_busy"), await phone_of(parts, firebase, "s_free")
    await firebase.arm(match={"device": busy.device["installationId"]}, detail="QUOTA_EXCEEDED")
    await backlog(parts, [busy, free], 4, "normal")
    await sender(parts, firebase).drain()
    assert (len(await busy.messages()), len(await free.messages())) == (0, 2)


@pytest.mark.proves("I20", "I24")
async def test_a_pause_longer_than_the_notice_lives_ends_it(parts: Parts, firebase: Firebase) -> None:
    await phone_of(parts, firebase)
    await post(parts)
    await firebase.arm(detail="UNAVAILABLE", retryAfter=str(40 * 86_400), times=1)
    await sender(parts, firebase).drain()
    delivery = await only_delivery()
    assert (delivery.state, delivery.reason, delivery.attempts[0].outcome) == ("expired", "too_late", "busy")


@pytest.mark.proves("I22")
async def test_the_urgent_are_claimed_before_a_large_backlog(parts: Parts, firebase: Firebase) -> None:
    phones = [await phone_of(parts, firebase, f"s_{n}") for n in range(4)]
    await backlog(parts, phones, 60, "broadcast")
    urgent = await post(parts, a_notice("s_0", link="/urgent"))
    worker = sender(parts, firebase)
    # The first turn is the urgent lane's whatever waits elsewhere.
    assert await worker._turn() == 1
    await worker.drain()
    first = (await firebase.log())[0]
    assert urgent in first["body"]


@pytest.mark.proves("I8")
async def test_a_stop_claims_nothing_more_and_finishes_what_is_in_hand(parts: Parts, firebase: Firebase) -> None:
    phone = await phone_of(parts, firebase)
    await post(parts)
    await firebase.arm(delayMs=400, times=1)
    stop = asyncio.Event()
    running = asyncio.create_task(sender(parts, firebase).run(stop))
    await until(firebase.log)
    stop.set()
    await post(parts, a_notice(link="/another"))
    async with asyncio.timeout(10):
        await running
    by_state = sorted((delivery.state, delivery.lease) for delivery in await deliveries())
    assert by_state == [("pending", None), ("sent", None)]
    assert len(await phone.messages()) == 1


@pytest.mark.proves("I8")
async def test_what_was_claimed_and_not_begun_is_given_back_as_it_was(parts: Parts, firebase: Firebase) -> None:
    await phone_of(parts, firebase)
    await post(parts)
    before = await parts.db["deliveries"].find_one({})
    [row] = await queue.claim("mine", "urgent")
    await queue.release("mine", [row["_id"]])
    after = await parts.db["deliveries"].find_one({})
    assert before
    assert after
    assert after.pop("due") <= datetime.now(UTC) + timedelta(seconds=1)
    assert after == {name: value for name, value in before.items() if name != "due"}


@pytest.mark.proves("I7")
async def test_a_lease_is_renewed_by_its_holder_and_by_nobody_else(parts: Parts, firebase: Firebase) -> None:
    await phone_of(parts, firebase)
    await post(parts)
    [row] = await queue.claim("mine", "urgent")
    await parts.db["deliveries"].update_one({}, {"$set": {"due": datetime.now(UTC) + timedelta(seconds=5)}})
    assert await queue.renew("another", [row["_id"]]) == 0
    assert await queue.renew("mine", [row["_id"]]) == 1
    assert (await only_delivery()).due > datetime.now(UTC) + queue.LEASE - timedelta(seconds=5)


@pytest.mark.proves("I2", "I6")
async def test_four_workers_send_each_of_many_once(parts: Parts, firebase: Firebase) -> None:
    phones = [await phone_of(parts, firebase, f"s_{n}") for n in range(5)]
    for lane in ("normal", "broadcast"):
        await backlog(parts, phones, 40, lane)
    handled = await asyncio.gather(*(sender(parts, firebase).drain() for _ in range(4)))
    assert sum(handled) == 80
    assert {(delivery.state, delivery.tries) for delivery in await deliveries()} == {("sent", 1)}
    assert len(await firebase.log()) == 80
