"""Redeeming a code: once, in time, by whom it was given to, with the verifier."""

import asyncio
from datetime import timedelta

import pytest

from tests.api.auth.world import World

pytestmark = pytest.mark.anyio


@pytest.mark.proves("SEC-02", "SEC-06")
@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_verifier": "b" * 64}, "invalid_grant"),
        ({"code_verifier": None}, "invalid_request"),
        ({"code_verifier": "b" * 42}, "invalid_request"),
        ({"code_verifier": "b" * 129}, "invalid_request"),
        ({"redirect_uri": "http://127.0.0.1:9999/callback"}, "invalid_grant"),
        ({"redirect_uri": None}, "invalid_grant"),
    ],
)
async def test_a_wrong_redemption_fails_and_burns_the_code(world: World, changes: dict[str, str | None], error: str) -> None:
    async with world.browser() as browser:
        code = (await browser.code())["code"]
        wrong = await browser.redeem(code, **changes)
        assert (wrong.status_code, wrong.json()["error"]) == (400, error)
        late = await browser.redeem(code)
        assert (late.status_code, late.json()["error"]) == (400, "invalid_grant")


@pytest.mark.proves("SEC-06")
async def test_another_app_can_neither_use_nor_burn_a_code(world: World) -> None:
    async with world.browser() as browser:
        code = (await browser.code())["code"]
        for client_id in ("other-app", "unknown", "one-stop", None):
            stolen = await browser.redeem(code, client_id=client_id)
            assert stolen.status_code == 400
        assert (await browser.redeem(code)).status_code == 200


@pytest.mark.proves("SEC-06")
async def test_a_code_lives_for_a_minute(world: World) -> None:
    async with world.browser() as browser:
        code = (await browser.code())["code"]
        world.clock.advance(timedelta(seconds=59))
        assert (await browser.redeem(code)).status_code == 200
        code = (await browser.code())["code"]
        world.clock.advance(timedelta(seconds=60))
        assert (await browser.redeem(code)).json()["error"] == "invalid_grant"


@pytest.mark.proves("SEC-06")
async def test_a_replayed_code_ends_everything_it_gave(world: World) -> None:
    async with world.browser() as browser:
        code = (await browser.code())["code"]
        tokens = (await browser.redeem(code)).json()
        assert (await world.me(tokens["access_token"])).status_code == 200
        assert (await browser.redeem(code)).json()["error"] == "invalid_grant"
    assert (await world.me(tokens["access_token"])).status_code == 401
    assert (await world.refresh(tokens["refresh_token"])).status_code == 400


@pytest.mark.proves("SEC-06")
async def test_of_eight_who_redeem_at_once_at_most_one_gets_tokens_and_they_are_worth_nothing(world: World) -> None:
    async with world.browser() as browser:
        code = (await browser.code())["code"]
        answers = await asyncio.gather(*(browser.redeem(code) for _ in range(8)))
    # The replays end the session of the one, sometimes before its tokens are made (RFC 6749, 4.1.2).
    refused = [answer for answer in answers if answer.status_code == 400]
    assert len(refused) >= 7
    assert {answer.json()["error"] for answer in refused} == {"invalid_grant"}
    for winner in (answer.json() for answer in answers if answer.status_code == 200):
        assert (await world.me(winner["access_token"])).status_code == 401
        assert (await world.refresh(winner["refresh_token"])).status_code == 400


async def test_codes_and_refresh_tokens_lie_in_the_database_only_as_hashes(world: World) -> None:
    async with world.browser() as browser:
        code = (await browser.code())["code"]
        tokens = (await browser.redeem(code)).json()
    for name in await world.db.list_collection_names():
        async for document in world.db[name].find():
            for secret in (code, tokens["refresh_token"], tokens["access_token"]):
                assert secret not in str(document), name
