"""Deliveries on their way to Firebase: what is sent, what is tried again and when, and what is not sent at all."""

import asyncio
import re
from datetime import timedelta

import pytest

from backend.app.parts import Parts
from kernel.telemetry import logs
from notifications.delivery import pacing
from notifications.documents import PushTarget
from tests.support.firebase import Firebase
from tests.support.notices import a_notice, make_due, only_delivery, pause_of, phone_of, post, registered, sender
from tests.support.waiting import until

CANARIES = ("Nguyễn Thị Lan", "096199000001", "H12.13-260615-0007", "Đăng ký đất đai")


async def test_a_push_arrives_and_says_only_where_to_look(parts: Parts, firebase: Firebase) -> None:
    phone = await phone_of(parts, firebase)
    notice = await post(parts)
    assert await sender(parts, firebase).drain() == 1
    [message] = await phone.visible()
    assert message["message"]["data"] == {"nid": notice, "category": "result_ready"}
    assert message["alert"]["titleLocKey"] == "dossier_result_ready_title"
    delivery = await only_delivery()
    assert (delivery.state, delivery.tries, [a.outcome for a in delivery.attempts]) == ("sent", 1, ["sent"])
    assert delivery.provider_id == message["messageId"]
    assert delivery.lease is None


@pytest.mark.parametrize("platform", ["android", "ios"])
@pytest.mark.proves("I9")
async def test_an_ambiguous_send_is_repeated_under_the_same_tag_and_seen_once(
    parts: Parts, firebase: Firebase, platform: str
) -> None:
    phone = await phone_of(parts, firebase, platform=platform)  # type: ignore[arg-type]
    await post(parts)
    await firebase.arm(dropConnection="after", times=1)
    await sender(parts, firebase).drain()
    assert len(await firebase.log()) == 1, "the library repeated it by itself"
    waiting = await only_delivery()
    assert (waiting.state, [a.outcome for a in waiting.attempts]) == ("pending", ["ambiguous"])
    await make_due(parts)
    await sender(parts, firebase).drain()
    assert len(await phone.messages()) == 2
    assert len(await phone.visible()) == 1
    assert (await only_delivery()).state == "sent"


@pytest.mark.proves("I10")
async def test_what_may_have_arrived_is_not_sent_again_before_a_grace(parts: Parts, firebase: Firebase) -> None:
    await phone_of(parts, firebase)
    await post(parts)
    await firebase.arm(dropConnection="after", times=1)
    await sender(parts, firebase).drain()
    assert pause_of(await only_delivery()) > pacing.GRACE - timedelta(seconds=2)
    assert await sender(parts, firebase).drain() == 0


@pytest.mark.proves("I20")
@pytest.mark.parametrize(
    ("detail", "asked", "least_s", "outcome"),
    [
        ("UNAVAILABLE", "7", 7, "busy"),
        ("UNAVAILABLE", "600", 600, "busy"),
        ("UNAVAILABLE", None, 10, "busy"),
        ("QUOTA_EXCEEDED", None, 60, "retry"),
        ("RATE_LIMIT_EXCEEDED", "90", 90, "busy"),
        ("RATE_LIMIT_EXCEEDED", None, 60, "busy"),
        ("INTERNAL", "30", 30, "ambiguous"),
    ],
)
async def test_nothing_is_tried_again_before_the_provider_said(
    parts: Parts, firebase: Firebase, detail: str, asked: str | None, least_s: int, outcome: str
) -> None:
    phone = await phone_of(parts, firebase)
    await post(parts)
    await firebase.arm(detail=detail, times=1, **({"retryAfter": asked} if asked else {}))
    async with asyncio.timeout(5):
        await sender(parts, firebase).drain()
    delivery = await only_delivery()
    assert (delivery.state, [a.outcome for a in delivery.attempts]) == ("pending", [outcome])
    assert timedelta(seconds=least_s - 3) < pause_of(delivery) <= timedelta(seconds=least_s)
    assert await sender(parts, firebase).drain() == 0
    assert len(await firebase.log()) == 1, "the library repeated it by itself"
    await make_due(parts)
    await sender(parts, firebase).drain()
    assert len(await phone.visible()) == 1


@pytest.mark.proves("I15")
async def test_an_app_that_was_uninstalled_is_not_sent_to_again(parts: Parts, firebase: Firebase) -> None:
    phone = await phone_of(parts, firebase)
    await firebase.uninstall(phone.device)
    await post(parts)
    await sender(parts, firebase).drain()
    delivery, target = await only_delivery(), await PushTarget.get(phone.target.id)
    assert target
    assert (delivery.state, delivery.reason) == ("failed", "dead_target")
    assert (target.active, target.retired_reason) == (False, "unregistered")


@pytest.mark.proves("I15")
async def test_an_answer_that_comes_after_a_new_registration_does_not_end_it(parts: Parts, firebase: Firebase) -> None:
    phone = await phone_of(parts, firebase)
    await post(parts)
    await firebase.arm(detail="UNREGISTERED", delayMs=400, times=1)
    sending = asyncio.create_task(sender(parts, firebase).drain())
    await until(firebase.log)
    await registered(parts, value="another-address", installation=phone.target.id)
    await sending
    target = await PushTarget.get(phone.target.id)
    assert target
    assert (target.active, target.epoch) == (True, 2)


@pytest.mark.proves("I17")
@pytest.mark.parametrize(
    ("detail", "state"),
    [
        ("INVALID_ARGUMENT", "failed"),
        ("SENDER_ID_MISMATCH", "pending"),
        ("UNAUTHENTICATED", "pending"),
        ("PERMISSION_DENIED", "pending"),
        ("THIRD_PARTY_AUTH_ERROR", "pending"),
        ("NOT_FOUND", "pending"),
        ("INTERNAL", "pending"),
        ("UNAVAILABLE", "pending"),
    ],
)
async def test_our_mistakes_and_theirs_never_cost_a_device(parts: Parts, firebase: Firebase, detail: str, state: str) -> None:
    phone = await phone_of(parts, firebase)
    await post(parts)
    await firebase.arm(detail=detail)
    await sender(parts, firebase).drain()
    target = await PushTarget.get(phone.target.id)
    assert target
    assert target.active
    assert (await only_delivery()).state == state


async def test_an_address_firebase_calls_malformed_is_given_up(parts: Parts, firebase: Firebase) -> None:
    phone = await phone_of(parts, firebase)
    await post(parts)
    await firebase.arm(detail="INVALID_TOKEN")
    await sender(parts, firebase).drain()
    target = await PushTarget.get(phone.target.id)
    assert target
    assert not target.active


@pytest.mark.proves("I11", "I36")
@pytest.mark.parametrize(
    "fault",
    [
        {"match": {"endpoint": "token"}, "status": 500, "body": "<html>"},
        {"match": {"endpoint": "token"}, "status": 400, "body": '{"error": "invalid_grant"}'},
        {"match": {"endpoint": "token"}, "dropConnection": "before"},
        {"status": 200, "body": "<html>"},
        {"status": 200, "body": "{}"},
        {"status": 200, "body": "[]"},
        {"status": 502, "body": "<html>Bad gateway</html>"},
        {"status": 400, "body": '{"error": "a string"}'},
        {"status": 400, "body": '{"error": {"details": "x"}}'},
        {"dropConnection": "before"},
    ],
    ids=lambda fault: str(sorted(fault.items())),
)
async def test_no_answer_is_too_strange_for_the_sender_to_go_on(parts: Parts, firebase: Firebase, fault: dict[str, object]) -> None:
    await phone_of(parts, firebase)
    await post(parts)
    await firebase.arm(**fault)
    assert await sender(parts, firebase).drain() == 1
    delivery = await only_delivery()
    assert len(delivery.attempts) == 1
    await firebase.heal()
    await make_due(parts)
    await sender(parts, firebase).drain()
    assert (await only_delivery()).state in ("sent", "failed")


@pytest.mark.proves("I11")
async def test_one_poisoned_answer_affects_one_delivery(parts: Parts, firebase: Firebase) -> None:
    unlucky, lucky = await phone_of(parts, firebase), await phone_of(parts, firebase)
    await post(parts)
    await firebase.arm(match={"device": unlucky.device["installationId"]}, status=400, body='{"error": "x"}')
    await sender(parts, firebase).drain()
    assert (len(await unlucky.visible()), len(await lucky.visible())) == (0, 1)


@pytest.mark.proves("I27")
async def test_nothing_that_leaves_or_is_logged_says_who_or_what(
    parts: Parts, firebase: Firebase, capsys: pytest.CaptureFixture[str], our_logging: None
) -> None:
    logs.configure(as_json=True, level="DEBUG")
    phones = [await phone_of(parts, firebase, platform=platform) for platform in ("android", "ios")]  # type: ignore[arg-type]
    await post(parts, a_notice(params={"code": CANARIES[2], "name": CANARIES[0], "number": CANARIES[1], "title": CANARIES[3]}))
    await firebase.arm(detail="UNAVAILABLE", times=1)
    for _ in range(2):
        await make_due(parts)
        await sender(parts, firebase).drain()
    sent = "".join(entry["body"] for entry in await firebase.log())
    printed = "".join(capsys.readouterr())
    assert "nid" in sent
    assert "sender.not_sent" in printed
    for canary in (*CANARIES, "s_lan"):
        assert canary not in sent + printed
    for phone in phones:
        assert phone.target.target.value not in printed
    assert not re.search(r"\d{9,}", "".join(re.findall(r'"data": ?{[^}]*}', sent)))
