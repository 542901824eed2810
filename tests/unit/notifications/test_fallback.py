"""Instead of a push: one text, once, only after no receipt within the wait and with consent (I32)."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backend.app.parts import Parts
from notifications.channels.port import Outcome, Sent, Text
from notifications.delivery import inquiry, queue
from notifications.documents import Delivery, InboxItem
from notifications.inbox.post import USUAL_WAITS, Notices
from notifications.inbox.read import mark
from notifications.lanes import FALLBACK
from notifications.receipts.accept import Receipt, accept
from tests.support.contacts import ADDRESSES, contact_of, messenger, the_fallback, wait_is_over
from tests.support.firebase import Firebase
from tests.support.notices import a_notice, pause_of, phone_of, post, sender
from tests.support.post_office import Post

pytestmark = pytest.mark.proves("I32")


async def told(parts: Parts, **change: Any) -> str:
    """A notice whose wait is over."""
    notice = await post(parts, a_notice(**change))
    await wait_is_over(parts)
    return notice


async def test_after_no_receipt_within_the_wait_one_text_goes(parts: Parts, firebase: Firebase, post_office: Post) -> None:
    await contact_of(parts)
    await phone_of(parts, firebase)
    await post(parts)
    await sender(parts, firebase).drain()
    # Not before its time.
    assert await messenger(parts, post_office).drain() == 0
    assert pause_of(await the_fallback()) > USUAL_WAITS["result_ready"] - timedelta(minutes=1)
    await wait_is_over(parts)
    assert await messenger(parts, post_office).drain() == 1
    [mail] = await post_office.arrived()
    assert (mail["to"], mail["title"]) == (ADDRESSES["email"], "Đã có kết quả hồ sơ")
    await wait_is_over(parts)
    assert await messenger(parts, post_office).drain() == 0
    assert len(await post_office.arrived()) == 1
    ended = await the_fallback()
    assert (ended.state, ended.begun and ended.begun.channel) == ("sent", "email")


@pytest.mark.parametrize("stage", ["delivered", "displayed", "opened"])
async def test_a_receipt_cancels_it_up_to_the_last_moment(parts: Parts, firebase: Firebase, post_office: Post, stage: Any) -> None:
    await contact_of(parts)
    phone = await phone_of(parts, firebase)
    notice = await told(parts)
    await sender(parts, firebase).drain()
    await accept("s_lan", [Receipt(notice, phone.target.id, stage, parts.clock.now())], now=parts.clock.now())
    await messenger(parts, post_office).drain()
    ended = await the_fallback()
    assert (ended.state, ended.reason) == ("suppressed", "receipt")
    assert await post_office.arrived() == []


@pytest.mark.proves("I13")
async def test_who_has_read_it_gets_no_text(parts: Parts, post_office: Post) -> None:
    await contact_of(parts)
    notice = await told(parts)
    await mark("s_lan", notice, read_at=parts.clock.now())
    await messenger(parts, post_office).drain()
    assert (await the_fallback()).reason == "read"
    assert await post_office.arrived() == []


@pytest.mark.proves("SEC-76")
async def test_without_consent_to_that_way_nothing_goes(parts: Parts, post_office: Post) -> None:
    await contact_of(parts)
    await told(parts)
    await messenger(parts, post_office, agreed=["sms", "zalo"]).drain()
    ended = await the_fallback()
    assert (ended.state, ended.reason) == ("suppressed", "no_consent")
    assert await post_office.arrived() == []


async def test_who_has_no_confirmed_contact_has_no_fallback(parts: Parts) -> None:
    contact = await contact_of(parts)
    await parts.db["contacts"].update_one({"_id": contact.id}, {"$unset": {"confirmed_at": ""}})
    await post(parts)
    assert await Delivery.find({"lane": FALLBACK}).to_list() == []


async def test_a_contact_that_is_gone_when_its_time_comes_gets_nothing(parts: Parts, post_office: Post) -> None:
    await contact_of(parts)
    await told(parts)
    await parts.db["contacts"].delete_many({})
    await messenger(parts, post_office).drain()
    assert (await the_fallback()).reason == "no_contact"


@pytest.mark.proves("I4")
async def test_a_notice_posted_again_has_one_fallback(parts: Parts) -> None:
    await contact_of(parts)
    notice = a_notice()
    await asyncio.gather(*(post(parts, notice) for _ in range(5)))
    assert len(await Delivery.find({"lane": FALLBACK}).to_list()) == 1


async def test_a_category_without_a_wait_never_falls_back(parts: Parts) -> None:
    await contact_of(parts)
    await Notices(parts.clock, {"account": timedelta(minutes=5)}).post(a_notice())
    assert await Delivery.find({"lane": FALLBACK}).to_list() == []


@pytest.mark.proves("I6")
async def test_many_senders_at_once_send_one(parts: Parts, post_office: Post) -> None:
    await contact_of(parts)
    await told(parts)
    await asyncio.gather(*(messenger(parts, post_office).drain() for _ in range(5)))
    assert len(await post_office.arrived()) == 1


async def test_a_sender_that_dies_after_it_began_has_nobody_send_again(parts: Parts, post_office: Post) -> None:
    await contact_of(parts)
    await told(parts)
    # What a kill -9 between the first byte and the record leaves behind.
    [row] = await queue.claim("dead", FALLBACK)
    assert await queue.begin("dead", row["_id"], "email", datetime.now(UTC))
    await wait_is_over(parts)
    await messenger(parts, post_office).drain()
    ended = await the_fallback()
    assert (ended.state, ended.reason) == ("failed", "perhaps_sent")
    assert await post_office.arrived() == []
    # Nor may an operator: nobody knows whether it is in the mailbox.
    assert not await inquiry.replay(ended.id)


async def test_who_has_lost_the_lease_sends_nothing(parts: Parts) -> None:
    await contact_of(parts)
    await told(parts)
    [row] = await queue.claim("slow", FALLBACK)
    await wait_is_over(parts)
    await queue.claim("quick", FALLBACK)
    assert not await queue.begin("slow", row["_id"], "email", datetime.now(UTC))


@pytest.mark.parametrize("drop", ["before", "after"])
@pytest.mark.proves("I10")
async def test_an_answer_that_was_lost_ends_it_whatever_became_of_the_text(parts: Parts, post_office: Post, drop: str) -> None:
    await contact_of(parts)
    await contact_of(parts, kind="phone")
    await told(parts)
    await post_office.arm(channel="email", at="content", drop=drop, times=1)
    await messenger(parts, post_office).drain()
    await wait_is_over(parts)
    await messenger(parts, post_office).drain()
    ended = await the_fallback()
    assert (ended.state, ended.reason) == ("failed", "perhaps_sent")
    assert len(await post_office.arrived()) == (1 if drop == "after" else 0)


async def test_what_was_certainly_not_taken_is_tried_again(parts: Parts, post_office: Post) -> None:
    await contact_of(parts)
    await told(parts)
    await post_office.arm(channel="email", code=451, text="4.7.1 greylisted", times=1)
    await messenger(parts, post_office).drain()
    put_off = await the_fallback()
    assert (put_off.state, put_off.begun) == ("pending", None)
    assert pause_of(put_off) > timedelta(seconds=50)
    await wait_is_over(parts)
    await messenger(parts, post_office).drain()
    assert (await the_fallback()).state == "sent"
    assert len(await post_office.arrived()) == 1


@pytest.mark.proves("I24")
async def test_what_is_too_late_is_not_sent(parts: Parts, post_office: Post) -> None:
    await contact_of(parts)
    notice = await told(parts)
    await InboxItem.find_one({"_id": notice}).update({"$set": {"expires_at": parts.clock.now()}})
    await messenger(parts, post_office).drain()
    assert (await the_fallback()).state == "expired"


@pytest.mark.proves("I26")
async def test_of_two_notices_about_one_thing_the_newer_is_told(parts: Parts, post_office: Post) -> None:
    await contact_of(parts)
    await post(parts, a_notice(message="dossier.needs_papers"))
    await told(parts, message="dossier.result_ready")
    await messenger(parts, post_office).drain()
    assert [mail["title"] for mail in await post_office.arrived()] == ["Đã có kết quả hồ sơ"]


@pytest.mark.proves("I26")
async def test_old_news_is_not_told_once_the_newer_push_has_come(parts: Parts, firebase: Firebase, post_office: Post) -> None:
    await contact_of(parts)
    await post(parts, a_notice(message="dossier.needs_papers"))
    phone = await phone_of(parts, firebase)
    newer = await post(parts)
    await sender(parts, firebase).drain()
    await accept("s_lan", [Receipt(newer, phone.target.id, "opened", parts.clock.now())], now=parts.clock.now())
    # The newer's own fallback has come to its end before the older one's wait is over.
    now = {"$set": {"due": datetime(2000, 1, 1, tzinfo=UTC)}}
    await parts.db["deliveries"].update_one({"notice": newer, "lane": FALLBACK}, now)
    await messenger(parts, post_office).drain()
    await wait_is_over(parts)
    await messenger(parts, post_office).drain()
    assert await post_office.arrived() == []
    assert {row.reason for row in await Delivery.find({"lane": FALLBACK}).to_list()} == {"receipt", "superseded"}


@pytest.mark.proves("I11")
async def test_a_fault_of_our_own_costs_one_text_and_not_the_sender(parts: Parts) -> None:
    class Broken:
        async def send(self, what: Text, /, *, now: datetime) -> Outcome:
            if what.address == ADDRESSES["email"]:
                raise KeyError("ours")
            return Sent("x")

        async def close(self) -> None: ...

    await contact_of(parts)
    await contact_of(parts, "s_nam", address="nam@example.com")
    await told(parts)
    await told(parts, recipient="s_nam")
    await messenger(parts, {"email": Broken()}).drain()
    states = {row.recipient: (row.state, row.reason) for row in await Delivery.find({"lane": FALLBACK}).to_list()}
    assert states == {"s_lan": ("failed", "perhaps_sent"), "s_nam": ("sent", None)}
