"""The FCM simulator on the wire: tokens, validation, devices that keep and draw what they get, and those who watch."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from backend.dev.fcm import create_fcm
from backend.dev.fcm.accounts import GRANT_TYPE
from backend.dev.fcm.rejection import BAD_REQUEST
from backend.dev.sockets import bound_socket, serve_on, url_of
from kernel.clock import TestClock

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(30)]

SEND = "/v1/projects/motcua-dev/messages:send"


class Sender:
    """Somebody with a service account and no SDK."""

    def __init__(self, http: httpx2.AsyncClient, account: dict[str, str], clock: TestClock) -> None:
        self.http, self.account, self.clock = http, account, clock

    async def sign_in(self, key: RSAKey | None = None, **change: Any) -> httpx2.Response:
        now = int(self.clock.now().timestamp())
        claims = {
            "iss": self.account["client_email"],
            "aud": self.account["token_uri"],
            "iat": now,
            "exp": now + 3600,
            "scope": "s",
        }
        assertion = jwt.encode({"alg": "RS256"}, claims | change, key or RSAKey.import_key(self.account["private_key"]))
        answer = await self.http.post("/token", data={"grant_type": GRANT_TYPE, "assertion": assertion})
        if answer.status_code == 200:
            self.http.headers["authorization"] = f"Bearer {answer.json()['access_token']}"
        return answer

    async def send(self, message: Any, **more: Any) -> httpx2.Response:
        return await self.http.post(SEND, json={"message": message, **more})

    async def device(self, platform: str = "android") -> dict[str, Any]:
        return (await self.http.post("/devices", json={"platform": platform, "name": "Lan", "locale": "vi"})).json()

    async def messages(self, device: dict[str, Any]) -> list[dict[str, Any]]:
        return (await self.http.get(f"/devices/{device['installationId']}/messages")).json()


@pytest.fixture
async def sender(anyio_backend: str) -> AsyncIterator[Sender]:
    sock = bound_socket()
    clock = TestClock(datetime(2026, 7, 1, 8, tzinfo=UTC))
    fcm = create_fcm(url_of(sock), clock=clock)
    server = await serve_on(sock, fcm.app)
    async with httpx2.AsyncClient(base_url=server.url) as http:
        sender = Sender(http, (await http.get("/service-account.json")).json(), clock)
        await sender.sign_in()
        yield sender
    await server.stop()


async def test_a_token_is_given_for_the_accounts_own_signature_only(sender: Sender) -> None:
    now = int(sender.clock.now().timestamp())
    for wrong in (
        {"key": RSAKey.generate_key(2048)},
        {"iss": "somebody@else.example"},
        {"aud": "https://elsewhere.example"},
        {"exp": now - 3600},
    ):
        answer = await sender.sign_in(**wrong)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant"), wrong
    assert (await sender.sign_in()).json()["expires_in"] == 3600


async def test_a_message_needs_a_token_that_is_still_good(sender: Sender) -> None:
    device = await sender.device()
    assert (await sender.send({"fid": device["fid"]})).status_code == 200
    sender.clock.advance(timedelta(hours=1))
    answer = await sender.send({"fid": device["fid"]})
    assert (answer.status_code, answer.json()["error"]["status"]) == (401, "UNAUTHENTICATED")
    del sender.http.headers["authorization"]
    assert (await sender.send({"fid": device["fid"]})).status_code == 401


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"topic": "news"}, "message"),
        ({"fid": None}, "message"),
        ({"data": {"count": 1}}, "message.data[count]"),
        ({"data": ["x"]}, "message.data"),
        ({"data": {"from": "x"}}, "message.data.from"),
        ({"data": {"google.sent": "x"}}, "message.data.google.sent"),
        ({"data": {"gcm_x": "x"}}, "message.data.gcm_x"),
        ({"android": {"data": {"from": "x"}}}, "message.android.data.from"),
        ({"android": {"ttl": "2419201s"}}, "message.android.ttl"),
        ({"android": {"ttl": "-1s"}}, "message.android.ttl"),
        ({"android": {"priority": "urgent"}}, "message.android.priority"),
        ({"apns": {"headers": {"apns-priority": "7"}}}, "message.apns.headers"),
        ({"apns": {"headers": {"apns-priority": 5}}}, "message.apns.headers"),
        ({"apns": {"headers": {"apns-collapse-id": "x" * 65}}}, "message.apns.headers"),
        ({"badge": 3}, "message"),
    ],
)
async def test_a_wrong_payload_names_the_field(sender: Sender, change: dict[str, Any], field: str) -> None:
    device = await sender.device()
    answer = await sender.send({"fid": device["fid"]} | change)
    assert answer.status_code == 400
    [detail] = answer.json()["error"]["details"]
    assert (detail["@type"], detail["fieldViolations"][0]["field"]) == (BAD_REQUEST, field)
    assert await sender.messages(device) == []


async def test_four_thousand_and_ninety_six_bytes_are_enough_and_one_more_is_not(sender: Sender) -> None:
    device = await sender.device()
    # "ế" is three bytes of UTF-8; the key counts too.
    text = "ế" * 1000
    assert (await sender.send({"fid": device["fid"], "data": {"k": text + "x" * 1095}})).status_code == 200
    assert (await sender.send({"fid": device["fid"], "data": {"k": text + "x" * 1096}})).status_code == 400
    drawn = {"android": {"notification": {"title": "x" * 4096}}}
    assert (await sender.send({"fid": device["fid"]} | drawn)).status_code == 400
    assert (await sender.send({"topic": "news", "data": {"k": "x" * 2047}})).status_code == 200
    assert (await sender.send({"topic": "news", "data": {"k": "x" * 2048}})).status_code == 400


async def test_what_is_no_message_at_all_is_refused(sender: Sender) -> None:
    for body in (b"", b"{", b"[]", b"{}", b'{"message": "x"}'):
        answer = await sender.http.post(SEND, content=body)
        assert (answer.status_code, answer.json()["error"]["status"]) == (400, "INVALID_ARGUMENT"), body


async def test_a_dry_run_arrives_nowhere(sender: Sender) -> None:
    device = await sender.device()
    assert (await sender.send({"fid": device["fid"]}, validate_only=True)).status_code == 200
    assert await sender.messages(device) == []


@pytest.mark.parametrize(
    ("platform", "message"),
    [
        ("android", lambda tag: {"android": {"notification": {"title": tag, "tag": tag}}}),
        ("ios", lambda tag: {"apns": {"headers": {"apns-collapse-id": tag}, "payload": {"aps": {"alert": {"title": tag}}}}}),
        ("web", lambda tag: {"webpush": {"notification": {"title": tag, "tag": tag}}}),
    ],
)
async def test_an_alert_replaces_the_one_with_the_same_tag(sender: Sender, platform: str, message: Any) -> None:
    device = await sender.device(platform)
    for tag in ("a", "b", "a"):
        await sender.send({"fid": device["fid"]} | message(tag))
    await sender.send({"fid": device["fid"], "data": {"silent": "yes"}})
    received = await sender.messages(device)
    assert [(one["alert"] or {}).get("title") for one in received] == ["a", "b", "a", None]
    assert [one["visible"] for one in received] == [False, True, True, False]


async def test_an_ios_alert_has_its_own_names_and_falls_back_on_the_shared_ones(sender: Sender) -> None:
    device = await sender.device("ios")
    alert = {"title-loc-key": "t", "title-loc-args": ["1"], "loc-key": "b"}
    await sender.send({"fid": device["fid"], "notification": {"title": "shared"}, "apns": {"payload": {"aps": {"alert": alert}}}})
    await sender.send({"fid": device["fid"], "apns": {"payload": {"aps": {"content-available": 1}}}})
    first, second = await sender.messages(device)
    assert first["alert"] == {"title": "shared", "titleLocKey": "t", "titleLocArgs": ["1"], "bodyLocKey": "b"}
    assert second["alert"] is None


async def test_a_device_keeps_the_last_two_hundred_messages(sender: Sender) -> None:
    device = await sender.device()
    for n in range(203):
        await sender.send({"fid": device["fid"], "data": {"n": str(n)}})
    kept = await sender.messages(device)
    assert (len(kept), kept[0]["message"]["data"]["n"], kept[-1]["message"]["data"]["n"]) == (200, "3", "202")


async def test_a_watcher_sees_what_was_kept_then_each_message_at_once_then_the_end(sender: Sender) -> None:
    device, other = await sender.device(), await sender.device()
    await sender.send({"fid": device["fid"], "data": {"n": "1"}})
    async with watching(sender, f"/devices/{device['installationId']}/stream") as events:
        assert (await anext(events))["data"]["message"]["data"] == {"n": "1"}
        await sender.send({"fid": other["fid"], "data": {"n": "not mine"}})
        await sender.send({"fid": device["fid"], "data": {"n": "2"}})
        live = await anext(events)
        assert (live["event"], live["id"], live["data"]["message"]["data"]) == ("message", "2", {"n": "2"})
        await sender.http.delete(f"/devices/{device['installationId']}")
        assert (await anext(events))["event"] == "unregistered"


async def test_a_watcher_that_lost_the_connection_misses_nothing_and_gets_nothing_twice(sender: Sender) -> None:
    device = await sender.device()
    for n in "123":
        await sender.send({"fid": device["fid"], "data": {"n": n}})
    stream = f"/devices/{device['installationId']}/stream"
    for path, headers in ((stream, {"Last-Event-ID": "2"}), (f"{stream}?after=2", {})):
        async with watching(sender, path, **headers) as events:
            assert (await anext(events))["data"]["message"]["data"] == {"n": "3"}


async def test_the_page_hears_of_every_device(sender: Sender) -> None:
    async with watching(sender, "/stream") as events:
        device = await sender.device()
        await sender.send({"fid": device["fid"]})
        heard = [await anext(events), await anext(events)]
    assert [(one["event"], one["data"]["installationId"]) for one in heard] == [
        ("registered", device["installationId"]),
        ("message", device["installationId"]),
    ]


async def test_the_page_asks_nobody_else_and_runs_nothing_inline(sender: Sender) -> None:
    page = await sender.http.get("/")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert not re.search(r"https?://|<style|\son\w+=|<script(?![^>]* src=)", page.text)
    for path in re.findall(r'(?:src|href)="(/[^"]+)"', page.text):
        assert (await sender.http.get(path)).status_code == 200


async def test_a_page_of_this_machine_may_be_a_device_and_another_may_not(sender: Sender) -> None:
    for origin, allowed in (("http://127.0.0.1:5173", True), ("http://localhost:1", True), ("https://evil.example", False)):
        preflight = {"Origin": origin, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
        answer = await sender.http.options("/devices", headers=preflight)
        assert (answer.headers.get("access-control-allow-origin") == origin) is allowed, origin


async def test_the_log_says_who_was_sent_what_and_when_and_keeps_no_credential(sender: Sender) -> None:
    device = await sender.device()
    await sender.send({"fid": device["fid"], "data": {"nid": "1"}})
    log = (await sender.http.get("/log")).json()
    assert [(entry["endpoint"], entry["status"]) for entry in log] == [("token", 200), ("send", 200)]
    assert json.loads(log[1]["body"])["message"]["data"] == {"nid": "1"}
    assert not re.search(r"ya29|eyJ|Bearer", json.dumps(log))
    await sender.http.delete("/log")
    assert (await sender.http.get("/log")).json() == []


async def test_a_device_that_is_unknown_is_a_problem(sender: Sender) -> None:
    for method, path in (("GET", "/devices/none"), ("DELETE", "/devices/none"), ("GET", "/devices/none/stream")):
        answer = await sender.http.request(method, path)
        assert (answer.status_code, answer.json()["code"]) == (404, "no_such_device")
    assert (await sender.http.post("/devices", json={"platform": "toaster"})).status_code == 400


async def test_a_slow_answer_is_slow_and_holds_nobody_else_up(sender: Sender) -> None:
    slow, quick = await sender.device(), await sender.device()
    await sender.http.post("/_control/faults", json={"match": {"device": slow["installationId"]}, "delayMs": 300})
    waiting = asyncio.create_task(sender.send({"fid": slow["fid"]}))
    assert (await sender.send({"fid": quick["fid"]})).status_code == 200
    assert not waiting.done()
    assert (await waiting).status_code == 200


@asynccontextmanager
async def watching(sender: Sender, path: str, **headers: str) -> AsyncIterator[AsyncIterator[dict[str, Any]]]:
    """The events of a stream; the watcher is in place when the block begins."""
    async with sender.http.stream("GET", path, headers=headers) as answer:
        lines = answer.aiter_lines()

        async def events() -> AsyncIterator[dict[str, Any]]:
            event: dict[str, Any] = {}
            async for line in lines:
                name, _, value = line.partition(": ")
                if name == "data":
                    event["data"] = json.loads(value)
                elif name:
                    event[name] = value
                elif "event" in event:
                    yield event
                    event = {}

        if not path.startswith("/devices"):
            assert (await anext(lines)) == ": here"
        yield events()
