"""The FCM simulator, seen by the real firebase-admin: what it accepts arrives, what it refuses becomes the SDK's own exception."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import firebase_admin
import httpx2
import pytest
from firebase_admin import credentials, exceptions, messaging
from google.auth.credentials import CredentialsWithRegionalAccessBoundary
from google.auth.exceptions import RefreshError
from requests.adapters import HTTPAdapter

from backend.dev.fcm import create_fcm
from backend.dev.sockets import bound_socket, serve_on, url_of

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(30)]


class World:
    """A simulator, a client of its routes, and an SDK that talks to it."""

    def __init__(self, http: httpx2.AsyncClient, sdk: firebase_admin.App) -> None:
        self.http = http
        self._sdk = sdk

    async def device(self, platform: str = "android") -> dict[str, Any]:
        return (await self.http.post("/devices", json={"platform": platform})).json()

    async def messages(self, device: dict[str, Any]) -> list[dict[str, Any]]:
        return (await self.http.get(f"/devices/{device['installationId']}/messages")).json()

    async def log(self, endpoint: str = "send") -> list[dict[str, Any]]:
        return [entry for entry in (await self.http.get("/log")).json() if entry["endpoint"] == endpoint]

    async def arm(self, **fault: Any) -> None:
        (await self.http.post("/_control/faults", json=fault)).raise_for_status()

    async def send(self, message: messaging.Message) -> str:
        return await asyncio.to_thread(messaging.send, message, app=self._sdk)


@pytest.fixture
async def world(anyio_backend: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    sock = bound_socket()
    fcm = create_fcm(url_of(sock))
    server = await serve_on(sock, fcm.app)
    monkeypatch.setattr(messaging._MessagingService, "FCM_URL", fcm.simulator.send_url)
    # google-auth asks iamcredentials.googleapis.com where the account may be used, in a thread nobody waits for. Not from a test.
    monkeypatch.setattr(CredentialsWithRegionalAccessBoundary, "_maybe_start_regional_access_boundary_refresh", lambda *_: None)
    sdk = firebase_admin.initialize_app(credentials.Certificate(fcm.service_account), name=server.url)
    # The SDK repeats 500 and 503 on its own, for seconds; here each answer is looked at once.
    session = messaging._get_messaging_service(sdk)._client.session
    session.mount("http://", HTTPAdapter(max_retries=0))
    async with httpx2.AsyncClient(base_url=server.url) as http:
        yield World(http, sdk)
    session.close()
    await asyncio.to_thread(firebase_admin.delete_app, sdk)
    await server.stop()


async def test_a_message_to_an_installation_id_arrives(world: World) -> None:
    device, other = await world.device(), await world.device()
    notification = messaging.AndroidNotification(
        title_loc_key="result_ready_title", body_loc_args=["x"], body_loc_key="b", tag="n1"
    )
    android = messaging.AndroidConfig(notification=notification, ttl=3600, priority="high")
    name = await world.send(messaging.Message(fid=device["fid"], data={"nid": "n1"}, android=android))
    [received] = await world.messages(device)
    assert received["messageId"] == name
    assert received["message"]["data"] == {"nid": "n1"}
    assert received["alert"] == {"titleLocKey": "result_ready_title", "bodyLocKey": "b", "bodyLocArgs": ["x"], "replaces": "n1"}
    assert await world.messages(other) == []
    [entry] = await world.log()
    expected = {
        "status": 200,
        "kind": "fid",
        "target": device["fid"],
        "installationId": device["installationId"],
        "messageId": name,
    }
    assert expected.items() <= entry.items()
    assert received["receivedAt"] >= entry["at"]


async def test_a_message_to_a_registration_token_arrives(world: World) -> None:
    device = await world.device("ios")
    with pytest.warns(DeprecationWarning, match="fid"):
        message = messaging.Message(token=device["token"], notification=messaging.Notification("Xin chào", "Có kết quả"))
    await world.send(message)
    [received] = await world.messages(device)
    assert (received["alert"], received["visible"]) == ({"title": "Xin chào", "body": "Có kết quả"}, True)


async def test_an_uninstalled_app_is_unregistered(world: World) -> None:
    device = await world.device()
    await world.http.delete(f"/devices/{device['installationId']}")
    with pytest.raises(messaging.UnregisteredError):
        await world.send(messaging.Message(fid=device["fid"]))


async def test_a_malformed_target_and_a_bad_payload_are_told_apart_by_their_details(world: World) -> None:
    device = await world.device()
    for message, detail in (
        (messaging.Message(fid="not-an-id"), "FcmError"),
        (messaging.Message(fid=device["fid"], data={"from": "x"}), "BadRequest"),
        (messaging.Message(fid=device["fid"], data={"text": "x" * 4096}), "BadRequest"),
    ):
        with pytest.raises(exceptions.InvalidArgumentError) as refused:
            await world.send(message)
        details = refused.value.http_response.json()["error"]["details"]
        assert [one["@type"].rpartition(".")[2] for one in details] == [detail]


@pytest.mark.parametrize(
    ("detail", "status", "error"),
    [
        ("INVALID_TOKEN", 400, exceptions.InvalidArgumentError),
        ("INVALID_ARGUMENT", 400, exceptions.InvalidArgumentError),
        ("UNAUTHENTICATED", 401, exceptions.UnauthenticatedError),
        ("THIRD_PARTY_AUTH_ERROR", 401, messaging.ThirdPartyAuthError),
        ("SENDER_ID_MISMATCH", 403, messaging.SenderIdMismatchError),
        ("PERMISSION_DENIED", 403, exceptions.PermissionDeniedError),
        ("UNREGISTERED", 404, messaging.UnregisteredError),
        ("NOT_FOUND", 404, exceptions.NotFoundError),
        ("QUOTA_EXCEEDED", 429, messaging.QuotaExceededError),
        ("RATE_LIMIT_EXCEEDED", 429, exceptions.ResourceExhaustedError),
        ("INTERNAL", 500, exceptions.InternalError),
        ("UNAVAILABLE", 503, exceptions.UnavailableError),
    ],
)
async def test_each_refusal_is_the_exception_the_sdk_has_for_it(
    world: World, detail: str, status: int, error: type[Exception]
) -> None:
    device = await world.device()
    await world.arm(detail=detail, retryAfter="7")
    with pytest.raises(error) as refused:
        await world.send(messaging.Message(fid=device["fid"]))
    assert type(refused.value) is error
    assert refused.value.http_response.status_code == status
    assert refused.value.http_response.headers["retry-after"] == "7"
    assert await world.messages(device) == []


async def test_an_answer_that_is_not_googles_is_unknown(world: World) -> None:
    device = await world.device()
    await world.arm(status=502, body="<html>Bad Gateway</html>", times=1)
    with pytest.raises(exceptions.UnknownError):
        await world.send(messaging.Message(fid=device["fid"]))
    # The SDK does not survive an error that is no object: one such answer loses a whole batch of send_each_async.
    await world.arm(status=400, body='{"error": "a string"}', times=1)
    with pytest.raises(AttributeError):
        await world.send(messaging.Message(fid=device["fid"]))
    assert [entry["status"] for entry in await world.log()] == [502, 400]


async def test_a_dropped_connection_leaves_open_whether_the_message_arrived(world: World) -> None:
    device = await world.device()
    for when, arrived in (("before", 0), ("after", 1)):
        await world.arm(dropConnection=when, times=1)
        with pytest.raises(exceptions.FirebaseError) as lost:
            await world.send(messaging.Message(fid=device["fid"]))
        assert lost.value.http_response is None
        assert len(await world.messages(device)) == arrived
    assert [(entry["dropped"], "status" in entry) for entry in await world.log()] == [(True, False)] * 2


async def test_an_error_can_be_answered_although_the_message_arrived(world: World) -> None:
    device = await world.device()
    await world.arm(detail="INTERNAL", deliver=True, times=1)
    with pytest.raises(exceptions.InternalError):
        await world.send(messaging.Message(fid=device["fid"]))
    assert len(await world.messages(device)) == 1


async def test_a_script_of_faults_plays_in_order_for_those_it_is_meant_for(world: World) -> None:
    android, ios = await world.device("android"), await world.device("ios")
    await world.arm(match={"platform": "ios"}, detail="THIRD_PARTY_AUTH_ERROR")
    await world.arm(match={"device": android["installationId"], "data": {"n": "1"}}, detail="QUOTA_EXCEEDED", times=1)
    await world.arm(match={"fid": android["fid"]}, detail="UNAVAILABLE", times=1)
    with pytest.raises(messaging.QuotaExceededError):
        await world.send(messaging.Message(fid=android["fid"], data={"n": "1"}))
    with pytest.raises(exceptions.UnavailableError):
        await world.send(messaging.Message(fid=android["fid"]))
    assert await world.send(messaging.Message(fid=android["fid"]))
    with pytest.raises(messaging.ThirdPartyAuthError):
        await world.send(messaging.Message(fid=ios["fid"]))
    await world.http.delete("/_control/faults")
    assert await world.send(messaging.Message(fid=ios["fid"]))


async def test_a_wrong_project_is_not_found_and_no_devices_fault(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    device = await world.device()
    service = messaging._get_messaging_service(world._sdk)
    monkeypatch.setattr(service, "_fcm_url", service._fcm_url.replace("motcua-dev", "another-project"))
    with pytest.raises(exceptions.NotFoundError) as refused:
        await world.send(messaging.Message(fid=device["fid"]))
    assert type(refused.value) is exceptions.NotFoundError


async def test_an_expired_access_token_is_renewed_by_the_sdk(world: World) -> None:
    device = await world.device()
    await world.arm(detail="UNAUTHENTICATED", times=1)
    assert await world.send(messaging.Message(fid=device["fid"]))
    assert [entry["status"] for entry in await world.log()] == [401, 200]
    assert len(await world.log("token")) == 2


async def test_a_token_endpoint_that_is_down_is_felt_by_the_sender(world: World) -> None:
    device = await world.device()
    # Of the statuses that google-auth does not repeat for seconds.
    await world.arm(match={"endpoint": "token"}, status=403)
    with pytest.raises(RefreshError):
        await world.send(messaging.Message(fid=device["fid"]))
    assert await world.log() == []
