"""One contract, two senders: firebase-admin's own calls, and ours over HTTP/2."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backend.dev.sockets import free_port
from notifications.channels.fcm import open_fcm
from notifications.channels.port import Ambiguous, Busy, DeadTarget, Push, Refused, Retry, Sent, Stranger
from notifications.documents import Target
from tests.support.firebase import Firebase, running_firebase

MINUTE = timedelta(seconds=60)


@pytest.fixture(params=["fast over HTTP/2", "fast", "admin"])
async def firebase(anyio_backend: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Firebase]:
    sender, _, over = request.param.partition(" ")
    if over:
        # google-auth fetches the token over its own connection.
        monkeypatch.setattr("requests.sessions.Session.verify", False, raising=False)
    async with running_firebase(sender, tls=bool(over)) as running:
        yield running


def push_to(device: dict[str, Any]) -> Push:
    return Push(
        notice_id="n1",
        platform=device["platform"],
        target=Target(kind="fid", value=device["fid"]),
        category="dossier",
        urgent=False,
        title_key="dossier_accepted_title",
        body_key="dossier_accepted_body",
        expires_at=datetime.now(UTC) + timedelta(hours=1),
    )


async def sent(firebase: Firebase, device: dict[str, Any]) -> Any:
    return await firebase.channel.send(push_to(device), now=datetime.now(UTC))


async def test_what_is_accepted_arrives_under_the_name_it_was_given(firebase: Firebase) -> None:
    phone = await firebase.phone()
    outcome = await sent(firebase, phone)
    [message] = await firebase.messages(phone)
    assert outcome == Sent(message["messageId"])


@pytest.mark.proves("I15", "I17", "I20")
@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        ({"detail": "INVALID_TOKEN"}, DeadTarget("bad_target")),
        ({"detail": "INVALID_ARGUMENT"}, Refused("bad_payload")),
        ({"detail": "UNAUTHENTICATED"}, Retry("unauthenticated", MINUTE, "project")),
        ({"detail": "THIRD_PARTY_AUTH_ERROR"}, Retry("platform_auth", MINUTE, "platform")),
        ({"detail": "SENDER_ID_MISMATCH"}, Stranger("other_project")),
        ({"detail": "PERMISSION_DENIED"}, Retry("denied", MINUTE, "project")),
        ({"detail": "UNREGISTERED"}, DeadTarget("unregistered")),
        ({"detail": "NOT_FOUND"}, Retry("no_project", MINUTE, "project")),
        ({"detail": "QUOTA_EXCEEDED"}, Retry("device_quota", MINUTE)),
        ({"detail": "RATE_LIMIT_EXCEEDED", "retryAfter": "77"}, Busy("project_quota", timedelta(seconds=77), stop=True)),
        ({"detail": "INTERNAL"}, Ambiguous("internal")),
        ({"detail": "UNAVAILABLE", "retryAfter": "17"}, Busy("unavailable", timedelta(seconds=17))),
        ({"status": 502, "body": "<html>"}, Ambiguous("strange")),
        ({"status": 200, "body": "<html>"}, Ambiguous("unreadable")),
        ({"status": 200, "body": "{}"}, Ambiguous("unreadable")),
        ({"status": 400, "body": '{"error": "a string"}'}, Refused("bad_payload")),
    ],
    ids=lambda value: str(value)[:50],
)
async def test_both_read_every_answer_alike(firebase: Firebase, fault: dict[str, Any], outcome: object) -> None:
    phone = await firebase.phone()
    await firebase.arm(**fault)
    answered = await sent(firebase, phone)
    # What firebase-admin cannot read it does not hand on; then nobody can know more than that something came back.
    unread = isinstance(answered, Ambiguous) and answered.detail.startswith("no_answer") and "body" in fault
    assert answered == outcome or (unread and type(firebase.channel).__name__ == "AdminFcm")


@pytest.mark.proves("I10")
async def test_a_connection_lost_after_the_request_left_is_ambiguous(firebase: Firebase) -> None:
    phone = await firebase.phone()
    await firebase.arm(dropConnection="after", times=1)
    assert isinstance(await sent(firebase, phone), Ambiguous)
    assert len(await firebase.log()) == 1


@pytest.mark.parametrize("sender", ["fast", "admin"])
async def test_where_nobody_listens_nothing_was_sent(firebase: Firebase, sender: Any) -> None:
    phone = await firebase.phone()
    account = (await firebase.http.get("/service-account.json")).json()
    if firebase.authority and sender == "admin":
        pytest.skip("google-auth inside firebase-admin trusts what the environment says")
    endpoint = f"{firebase.http.base_url.scheme}://127.0.0.1:{free_port()}"
    nowhere = open_fcm(account, sender=sender, endpoint=endpoint, authority=firebase.authority)
    outcome = await nowhere.send(push_to(phone), now=datetime.now(UTC))
    assert isinstance(outcome, Retry)
    assert outcome.detail.startswith("not_sent")
    await nowhere.close()


@pytest.mark.proves("I36")
async def test_without_a_token_nothing_is_sent_and_the_project_is_to_blame(firebase: Firebase) -> None:
    phone = await firebase.phone()
    await firebase.arm(match={"endpoint": "token"}, status=400, body='{"error": "invalid_grant"}')
    outcome = await sent(firebase, phone)
    assert isinstance(outcome, Retry)
    assert outcome.scope == "project"
    assert await firebase.log() == []


@pytest.mark.proves("I36")
async def test_many_pushes_at_once_ask_for_one_token(firebase: Firebase) -> None:
    phones = [await firebase.phone() for _ in range(20)]
    outcomes = await asyncio.gather(*(sent(firebase, phone) for phone in phones))
    assert all(isinstance(outcome, Sent) for outcome in outcomes)
    asked = len(await firebase.log("token"))
    # firebase-admin asks in every thread that finds none: one of the reasons for the other sender.
    assert asked == 1 or type(firebase.channel).__name__ == "AdminFcm"


@pytest.mark.proves("I11")
async def test_of_many_at_once_a_broken_answer_costs_one(firebase: Firebase) -> None:
    phones = [await firebase.phone() for _ in range(10)]
    await firebase.arm(match={"device": phones[3]["installationId"]}, status=200, body="<html>")
    outcomes = await asyncio.gather(*(sent(firebase, phone) for phone in phones))
    assert [isinstance(outcome, Sent) for outcome in outcomes].count(False) == 1


async def test_a_token_withdrawn_before_its_time_is_renewed_once(anyio_backend: str) -> None:
    async with running_firebase("fast") as firebase:
        phone = await firebase.phone()
        assert isinstance(await sent(firebase, phone), Sent)
        await firebase.arm(detail="UNAUTHENTICATED", times=1)
        assert isinstance(await sent(firebase, phone), Sent)
        assert len(await firebase.log("token")) == 2
