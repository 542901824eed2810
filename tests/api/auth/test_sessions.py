"""Ending sessions, from every side, and how soon everybody knows."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from joserfc.jwk import ECKey

from auth.errors import SessionEnded
from auth.slice import Auth
from kernel.ids import new_id
from tests.api.auth.world import World

pytestmark = pytest.mark.anyio

EVENT = "http://schemas.openid.net/event/backchannel-logout"


async def refuses(auth: Auth, token: str) -> bool:
    try:
        await auth.tokens.verify(token)
    except SessionEnded:
        return True
    return False


async def delete(world: World, path: str, token: str) -> httpx2.Response:
    async with httpx2.AsyncClient(base_url=world.url) as http:
        return await http.delete(path, headers={"authorization": f"Bearer {token}"})


@pytest.mark.proves("SEC-32")
@pytest.mark.parametrize("kind", ["access_token", "refresh_token"])
async def test_signing_out_with_either_token_ends_both(world: World, kind: str) -> None:
    tokens = await world.sign_in()
    assert (await world.post("/oauth/revoke", token=tokens[kind], client_id="app")).status_code == 200
    assert (await world.me(tokens["access_token"])).json()["code"] == "session_ended"
    assert (await world.refresh(tokens["refresh_token"])).status_code == 400


@pytest.mark.proves("SEC-32")
async def test_revoking_what_is_unknown_or_somebody_elses_is_answered_alike_and_does_nothing(world: World) -> None:
    tokens = await world.sign_in()
    for form in (
        {"token": "unknown", "client_id": "app"},
        {"token": tokens["refresh_token"], "client_id": "other-app"},
        {"token": tokens["access_token"], "client_id": "other-app"},
        {"token": tokens["access_token"] + "x", "client_id": "app", "token_type_hint": "access_token"},
    ):
        assert (await world.post("/oauth/revoke", **form)).status_code == 200
    assert (await world.post("/oauth/revoke", token="x", client_id="unknown")).json()["error"] == "invalid_client"
    assert (await world.post("/oauth/revoke", client_id="app")).json()["error"] == "invalid_request"
    assert (await world.me(tokens["access_token"])).status_code == 200


@pytest.mark.proves("SEC-32")
async def test_another_process_knows_within_two_seconds(world: World) -> None:
    token = (await world.sign_in())["access_token"]
    # The other process has seen this token before, so it has it in its memory.
    assert (await world.other.tokens.verify(token)).kind == "citizen"
    await world.post("/oauth/revoke", token=token, client_id="app")
    async with asyncio.timeout(2):
        # Another process cannot set an event of ours: all one can do is ask.
        while not await refuses(world.other, token):  # noqa: ASYNC110
            await asyncio.sleep(0.02)


@pytest.mark.proves("SEC-32")
async def test_a_process_that_starts_later_refuses_what_ended_before(world: World) -> None:
    token = (await world.sign_in())["access_token"]
    await world.post("/oauth/revoke", token=token, client_id="app")
    assert await refuses(world.other, token)


@pytest.mark.proves("SEC-33")
async def test_a_person_sees_their_sessions_and_ends_one(world: World) -> None:
    phone = await world.sign_in()
    world.clock.advance(timedelta(seconds=1))
    tablet = await world.sign_in()
    listed = (await world.me(phone["access_token"], "/v1/me/sessions")).json()["items"]
    assert [session["current"] for session in listed].count(True) == 1
    lost = (await world.me(tablet["access_token"])).json()["sessionId"]
    assert (listed[0]["id"], listed[0]["app"], listed[0]["current"]) == (lost, "Ứng dụng công dân", False)
    assert (await delete(world, f"/v1/me/sessions/{lost}", phone["access_token"])).status_code == 204
    assert (await world.me(tablet["access_token"])).status_code == 401
    assert (await world.me(phone["access_token"])).status_code == 200
    assert lost not in str((await world.me(phone["access_token"], "/v1/me/sessions")).json())


@pytest.mark.proves("SEC-33")
async def test_somebody_elses_session_is_not_found(world: World) -> None:
    lan, bao = await world.sign_in("lan"), await world.sign_in("bao")
    theirs = (await world.me(bao["access_token"])).json()["sessionId"]
    for session in (theirs, new_id()):
        answer = await delete(world, f"/v1/me/sessions/{session}", lan["access_token"])
        assert (answer.status_code, answer.json()["code"]) == (404, "session_not_found")
    assert (await world.me(bao["access_token"])).status_code == 200


@pytest.mark.proves("SEC-34")
async def test_signing_out_at_the_provider_ends_the_session_here(world: World) -> None:
    tokens = await world.sign_in("bao")
    async with httpx2.AsyncClient(base_url=world.citizen_url) as provider:
        left = await provider.post("/_control/sign-out", json={"login": "bao"})
        assert left.is_success, left.text
    assert (await world.me(tokens["access_token"])).json()["code"] == "session_ended"
    assert (await world.refresh(tokens["refresh_token"])).status_code == 400


def logout_claims(world: World, subject: str) -> dict[str, Any]:
    now = int(world.clock.now().timestamp())
    events = {EVENT: {}}
    return {
        "iss": world.hostile.issuer,
        "aud": "motcua",
        "iat": now,
        "exp": now + 120,
        "jti": new_id(),
        "events": events,
        "sub": subject,
    }


async def say_goodbye(world: World, token: str, provider: str = "hostile") -> httpx2.Response:
    return await world.post(f"/auth/backchannel-logout/{provider}", logout_token=token)


@pytest.mark.proves("SEC-34")
@pytest.mark.parametrize(
    "bent",
    [
        {"iss": "https://evil.example"},
        {"aud": "another-client"},
        {"iat": None},
        {"iat": 60},
        {"exp": None},
        {"exp": -60},
        {"exp": 3600},
        {"jti": None},
        {"events": None},
        {"events": {}},
        {"events": {EVENT: True}},
        {"events": [EVENT]},
        {"nonce": "x"},
        {"sub": None},
        {"sub": 7},
        "typ",
        "no typ",
        "stranger",
        "garbage",
        "missing",
    ],
    ids=str,
)
async def test_a_logout_token_with_one_thing_wrong_ends_nothing(world: World, bent: dict[str, Any] | str) -> None:
    tokens = await world.sign_in("", "hostile")
    claims = logout_claims(world, world.hostile.subject)
    if isinstance(bent, dict):
        now = int(world.clock.now().timestamp())
        claims |= {k: now + v if k in ("iat", "exp") and isinstance(v, int) else v for k, v in bent.items()}
    claims = {name: value for name, value in claims.items() if value is not None}
    if bent == "stranger":
        world.hostile.signing_key = ECKey.generate_key("P-256")
    header = {"typ": "JWT"} if bent == "typ" else {} if bent == "no typ" else {"typ": "logout+jwt"}
    token = {"garbage": "x.y.z", "missing": ""}.get(str(bent)) if isinstance(bent, str) else None
    answer = await say_goodbye(world, token if token is not None else world.hostile.sign(claims, **header))
    assert (answer.status_code, answer.json()["code"]) == (400, "logout_token_invalid")
    assert (await world.me(tokens["access_token"])).status_code == 200


@pytest.mark.proves("SEC-34")
async def test_a_logout_token_counts_once_and_at_its_own_provider(world: World) -> None:
    tokens = await world.sign_in("", "hostile")
    token = world.hostile.sign(logout_claims(world, world.hostile.subject), typ="logout+jwt")
    assert (await say_goodbye(world, token, "citizen")).status_code == 400
    assert (await say_goodbye(world, token, "unknown")).status_code == 404
    good = await say_goodbye(world, token)
    assert (good.status_code, good.headers["cache-control"]) == (200, "no-store")
    assert (await world.me(tokens["access_token"])).status_code == 401
    assert (await say_goodbye(world, token)).status_code == 400


@pytest.mark.proves("SEC-34")
async def test_a_logout_of_one_sign_in_leaves_the_others_alone(world: World) -> None:
    # Of too many sessions the oldest go: those of the tests before are to be older.
    world.clock.advance(timedelta(seconds=1))
    world.hostile.claims = {"sid": "at-home"}
    home = await world.sign_in("", "hostile")
    world.hostile.claims = {"sid": "at-work"}
    work = await world.sign_in("", "hostile")
    claims = {**logout_claims(world, world.hostile.subject), "sid": "at-work"}
    assert (await say_goodbye(world, world.hostile.sign(claims, typ="logout+jwt"))).status_code == 200
    assert (await world.me(work["access_token"])).status_code == 401
    assert (await world.me(home["access_token"])).status_code == 200
    only_sid = {k: v for k, v in {**logout_claims(world, ""), "sid": "at-home"}.items() if k != "sub"}
    assert (await say_goodbye(world, world.hostile.sign(only_sid, typ="logout+jwt"))).status_code == 200
    assert (await world.me(home["access_token"])).status_code == 401


async def test_a_session_that_ended_long_ago_is_forgotten_by_the_memory_of_the_process(world: World) -> None:
    tokens = await world.sign_in()
    session = (await world.me(tokens["access_token"])).json()["sessionId"]
    await world.post("/oauth/revoke", token=tokens["access_token"], client_id="app")
    assert session in world.auth.ended
    world.clock.advance(timedelta(minutes=11))
    await world.auth.ended.refresh()
    assert session not in world.auth.ended
    assert (await world.me(tokens["access_token"])).status_code == 401
