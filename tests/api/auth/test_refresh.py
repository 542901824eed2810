"""Refreshing: one living token in a family, a thief and the owner cannot both go on, an end that never moves."""

import asyncio
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from auth.documents import RefreshToken, Session
from tests.api.auth.world import World

pytestmark = pytest.mark.anyio


async def living_tokens(world: World, session_id: str) -> int:
    return await RefreshToken.find({"session_id": session_id, "used_at": {"$exists": False}}).count()


async def session_of(world: World, tokens: dict[str, Any]) -> str:
    return str((await world.me(tokens["access_token"])).json()["sessionId"])


@pytest.mark.proves("SEC-28")
async def test_every_refresh_gives_a_new_token_and_ends_the_old(world: World) -> None:
    tokens = await world.sign_in()
    session = await session_of(world, tokens)
    for _ in range(3):
        answer = await world.refresh(tokens["refresh_token"])
        assert answer.status_code == 200
        assert answer.json()["refresh_token"] != tokens["refresh_token"]
        tokens = answer.json()
        assert await session_of(world, tokens) == session
        assert await living_tokens(world, session) == 1


@pytest.mark.proves("SEC-28")
async def test_of_64_refreshes_at_once_one_family_and_one_living_token_remain(world: World) -> None:
    tokens = await world.sign_in()
    session = await session_of(world, tokens)
    form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"], "client_id": "app"}
    # Connected one after the other and kept open: what comes at once is the refreshes, not 64 greetings of a busy machine.
    async with AsyncExitStack() as stack:
        phones = [await stack.enter_async_context(httpx2.AsyncClient(base_url=world.url, timeout=60)) for _ in range(64)]
        for phone in phones:
            await phone.get("/oauth/jwks")
        answers = await asyncio.gather(*(phone.post("/oauth/token", data=form) for phone in phones))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["refresh_token"] for answer in answers}) == 64
    assert await living_tokens(world, session) == 1
    assert (await world.me(tokens["access_token"])).status_code == 200


@pytest.mark.proves("SEC-28", "SEC-29")
async def test_a_lost_answer_may_be_asked_for_again_within_a_minute(world: World) -> None:
    tokens = await world.sign_in()
    session = await session_of(world, tokens)
    assert (await world.refresh(tokens["refresh_token"])).status_code == 200
    world.clock.advance(timedelta(seconds=60))
    retried = await world.refresh(tokens["refresh_token"])
    assert retried.status_code == 200
    assert await living_tokens(world, session) == 1
    assert (await world.refresh(retried.json()["refresh_token"])).status_code == 200


@pytest.mark.proves("SEC-29")
async def test_after_the_minute_a_used_token_ends_the_family(world: World) -> None:
    tokens = await world.sign_in()
    newest = (await world.refresh(tokens["refresh_token"])).json()
    world.clock.advance(timedelta(seconds=61))
    reused = await world.refresh(tokens["refresh_token"])
    assert (reused.status_code, reused.json()["error"]) == (400, "invalid_grant")
    assert (await world.refresh(newest["refresh_token"])).status_code == 400
    assert (await world.me(newest["access_token"])).json()["code"] == "session_ended"


@pytest.mark.proves("SEC-29")
async def test_a_used_token_ends_the_family_at_once_when_its_successor_has_been_used(world: World) -> None:
    first = await world.sign_in()
    second = (await world.refresh(first["refresh_token"])).json()
    third = (await world.refresh(second["refresh_token"])).json()
    assert (await world.refresh(first["refresh_token"])).status_code == 400
    assert (await world.refresh(third["refresh_token"])).status_code == 400
    assert (await world.me(third["access_token"])).status_code == 401


@pytest.mark.proves("SEC-29")
async def test_a_thief_and_the_owner_cannot_both_go_on(world: World) -> None:
    """The thief retries a stolen token inside the window; the owner's next refresh, with the replaced answer, ends both."""
    stolen = await world.sign_in()
    owners = (await world.refresh(stolen["refresh_token"])).json()
    thiefs = (await world.refresh(stolen["refresh_token"])).json()
    assert (await world.refresh(owners["refresh_token"])).status_code == 400
    assert (await world.refresh(thiefs["refresh_token"])).status_code == 400
    assert (await world.me(thiefs["access_token"])).status_code == 401


@pytest.mark.proves("SEC-30")
async def test_a_token_in_the_wrong_hands_neither_works_nor_burns_the_family(world: World) -> None:
    tokens = await world.sign_in()
    for client_id in ("other-app", "unknown", "one-stop"):
        assert (await world.refresh(tokens["refresh_token"], client_id)).status_code == 400
    assert (await world.refresh("x" * 64)).json()["error"] == "invalid_grant"
    wide = await world.post(
        "/oauth/token",
        grant_type="refresh_token",
        refresh_token=tokens["refresh_token"],
        client_id="app",
        scope="openid dossiers:write",
    )
    assert wide.json()["error"] == "invalid_scope"
    assert (await world.refresh(tokens["refresh_token"])).status_code == 200


@pytest.mark.proves("SEC-31")
@pytest.mark.parametrize(
    ("login", "provider", "idle"), [("lan", "citizen", timedelta(days=30)), ("hoa", "staff", timedelta(hours=8))]
)
async def test_disuse_ends_a_session(world: World, login: str, provider: str, idle: timedelta) -> None:
    tokens = await world.sign_in(login, provider)
    world.clock.advance(idle - timedelta(seconds=1))
    tokens = (await world.refresh(tokens["refresh_token"])).json()
    world.clock.advance(idle)
    assert (await world.refresh(tokens["refresh_token"])).json()["error"] == "invalid_grant"


@pytest.mark.proves("SEC-31")
async def test_no_refresh_moves_the_end_of_180_days(world: World) -> None:
    tokens = await world.sign_in()
    session = await session_of(world, tokens)
    end = await Session.get(session)
    assert end is not None
    began, days = world.clock.now(), 0
    while (answer := await world.refresh(tokens["refresh_token"])).status_code == 200:
        tokens = answer.json()
        now = await Session.get(session)
        assert now is not None
        assert now.expires_at == end.expires_at
        world.clock.advance(timedelta(days=20))
        days += 20
    assert days == 180
    assert end.expires_at - began <= timedelta(days=180)


@pytest.mark.proves("SEC-31")
async def test_no_access_token_outlives_its_session(world: World) -> None:
    tokens = await world.sign_in("hoa", "staff")
    for _ in range(2):
        world.clock.advance(timedelta(hours=5, minutes=59))
        tokens = (await world.refresh(tokens["refresh_token"])).json()
    assert tokens["expires_in"] == 120
    world.clock.advance(timedelta(seconds=120))
    assert (await world.me(tokens["access_token"])).status_code == 401
