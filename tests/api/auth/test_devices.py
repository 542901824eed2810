"""The devices somebody is signed in on: bounded in number, named, ended, locked out altogether; and what is told of them."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from auth.documents import Person, Session
from auth.events import NewDevice, SessionEnded
from kernel.events import decode
from tests.api.auth.world import LAN, World, answered
from tests.support.proofs import ProofMaker

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
async def nobody_is_signed_in(world: World) -> AsyncIterator[None]:
    """Nor locked out, before and after."""
    await world.db["sessions"].delete_many({})
    await world.db["people"].delete_many({})
    yield
    await world.db["people"].delete_many({})


async def call(world: World, token: str, method: str, path: str, **request: Any) -> httpx2.Response:
    async with httpx2.AsyncClient(base_url=world.url) as http:
        return await http.request(method, path, headers={"authorization": f"Bearer {token}"}, **request)


async def sign_in_with(world: World, phone: ProofMaker) -> str:
    """The session's id; the clock goes on, so that it is known which is older."""
    tokens = await world.sign_in(phone=phone)
    world.clock.advance(timedelta(seconds=1))
    token = tokens["access_token"]
    answer = await world.me(token, scheme="DPoP", proof=phone.proof("GET", "/v1/me", token))
    return str(answer.json()["sessionId"])


async def living(world: World) -> list[str]:
    rows = await world.db["sessions"].find({"ended_at": {"$exists": False}, "activated_at": {"$exists": True}}).to_list()
    return [row["_id"] for row in rows]


async def told(world: World, session: str) -> list[Any]:
    row = await world.db["sessions"].find_one({"_id": session})
    assert row is not None
    return [decode(event) for event in row.get("outbox", [])]


@pytest.mark.proves("SEC-35")
async def test_with_the_sixth_device_the_longest_unused_one_is_signed_out(world: World) -> None:
    sessions = [await sign_in_with(world, world.phone()) for _ in range(5)]
    first = await world.db["sessions"].find_one_and_update({"_id": sessions[0]}, {"$set": {"last_seen_at": world.clock.now()}})
    assert first is not None
    sixth = await sign_in_with(world, world.phone())
    assert sorted(await living(world)) == sorted([sessions[0], *sessions[2:], sixth])
    event = (await told(world, sessions[1]))[-1]
    assert (type(event), event.reason, event.successor) == (SessionEnded, "too_many_sessions", None)
    assert sessions[1] in world.auth.ended


@pytest.mark.proves("SEC-35")
async def test_an_official_has_two(world: World) -> None:
    for _ in range(4):
        await world.sign_in("hoa", "staff", phone=world.phone())
    assert len(await living(world)) == 2


@pytest.mark.proves("SEC-35")
async def test_the_same_phone_has_one_session_and_the_new_one_is_its_successor(world: World) -> None:
    phone = world.phone()
    first = await sign_in_with(world, phone)
    second = await sign_in_with(world, phone)
    assert await living(world) == [second]
    event = (await told(world, first))[-1]
    assert (event.reason, event.successor) == ("replaced", second)
    assert await told(world, second) == []


async def test_a_device_never_seen_is_news_but_the_first_of_all_is_not(world: World) -> None:
    phone = world.phone()
    assert await told(world, await sign_in_with(world, phone)) == []
    stranger = await sign_in_with(world, world.phone())
    assert [type(event) for event in await told(world, stranger)] == [NewDevice]
    assert await told(world, await sign_in_with(world, phone)) == []
    # Without a key the app says who it is.
    await world.sign_in()
    plain = await living(world)
    await world.sign_in()
    again = set(await living(world)) - set(plain)
    assert [await told(world, session) for session in again] == [[]]


@pytest.mark.proves("SEC-29")
async def test_a_token_used_again_is_told_of(world: World) -> None:
    tokens = await world.sign_in()
    session = (await world.me(tokens["access_token"])).json()["sessionId"]
    await world.refresh(tokens["refresh_token"])
    world.clock.advance(timedelta(seconds=61))
    await world.refresh(tokens["refresh_token"])
    assert [event.reason for event in await told(world, session)] == ["refresh_token_reused"]


@pytest.mark.proves("SEC-33")
async def test_a_person_names_a_device_and_ends_the_others(world: World) -> None:
    here, there = (await world.sign_in())["access_token"], (await world.sign_in())["access_token"]
    me = (await world.me(here)).json()["sessionId"]
    named = await call(world, here, "PUT", f"/v1/me/sessions/{me}/name", json={"name": "Điện  thoại của Lan\u202e"})
    assert named.status_code == 204, named.text
    listed = (await world.me(here, "/v1/me/sessions")).json()["items"]
    mine = next(item for item in listed if item["current"])
    assert (mine["name"], mine["bound"], mine["device"].split("/")[0]) == ("Điện thoại của Lan", False, "python-httpx2")
    assert (await call(world, here, "PUT", f"/v1/me/sessions/{me}/name", json={"name": ""})).status_code == 204
    assert "name" not in (await world.me(here, "/v1/me/sessions")).json()["items"][1]
    # The name is sealed under the citizen's key, so it says whose: without that nobody could open or erase it.
    assert (await call(world, here, "PUT", f"/v1/me/sessions/{me}/name", json={"name": "Của Lan"})).status_code == 204
    session, person = await Session.get(me), await Person.find_one({"kind": "citizen", "identities.subject": LAN.subject})
    assert session
    assert person
    assert session.named_by == person.citizen_key
    official = (await world.sign_in("hoa", "staff"))["access_token"]
    assert (await call(world, official, "PUT", f"/v1/me/sessions/{me}/name", json={"name": "x"})).status_code == 404

    assert (await call(world, here, "DELETE", "/v1/me/sessions")).status_code == 204
    assert ((await world.me(here)).status_code, (await world.me(there)).status_code) == (200, 401)
    assert (await call(world, here, "DELETE", "/v1/me/sessions?includeCurrent=true")).status_code == 204
    assert (await world.me(here)).status_code == 401
    assert (await world.me(official)).status_code == 200


@pytest.mark.proves("SEC-38")
async def test_a_person_locks_their_account_and_opens_it_with_the_code(world: World) -> None:
    here, tokens = (await world.sign_in())["access_token"], await world.sign_in()
    answer = await call(world, here, "POST", "/v1/me/lock")
    code = answer.json()["unlockCode"]
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    for token in (here, tokens["access_token"]):
        assert (await world.me(token)).json()["code"] == "session_ended"
    assert (await world.refresh(tokens["refresh_token"])).json()["error"] == "invalid_grant"
    async with world.browser() as browser:
        assert (await browser.code())["error"] == "access_denied"
    person = await world.db["people"].find_one({"locked_at": {"$exists": True}})
    assert person
    last = (
        await world.db["sessions"].find({"person_id": person["_id"], "ended_at": {"$exists": True}}).sort("ended_at", -1).to_list()
    )
    assert {session["end_reason"] for session in last[:2]} == {"locked_by_person"}
    assert code.replace("-", "").lower() not in str(person)

    async with httpx2.AsyncClient(base_url=world.url) as http:
        for wrong in ("AAAA-BBBB", code[:-1], "x" * 64):
            refused = await http.post("/auth/unlock", json={"unlockCode": wrong})
            assert (refused.status_code, refused.json()["code"]) == (404, "unlock_code_unknown")
        as_heard = code.replace("-", " ").lower().replace("0", "o").replace("1", "l")
        # A token that is good no more does not stand in the way.
        opened = await http.post("/auth/unlock", json={"unlockCode": as_heard}, headers={"authorization": f"Bearer {here}"})
        assert opened.status_code == 204
        assert (await http.post("/auth/unlock", json={"unlockCode": code})).status_code == 404
    async with world.browser() as browser:
        assert "code" in await browser.code()


@pytest.mark.proves("SEC-38")
async def test_a_sign_in_under_way_does_not_outlive_the_lock(world: World) -> None:
    here = (await world.sign_in())["access_token"]
    async with world.browser() as browser:
        code, back = (await browser.code())["code"], await browser.to_callback()
        assert (await call(world, here, "POST", "/v1/me/lock")).status_code == 200
        assert (await browser.redeem(code)).json()["error"] == "invalid_grant"
        assert answered(await browser.http.get(back))["error"] == "access_denied"
    assert await Session.find({"ended_at": {"$exists": False}}).count() == 0
