"""A fresher or surer sign-in, asked for and checked (RFC 9470; OpenID Connect Core 3.1.2.1)."""

from contextlib import nullcontext
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import jwt as pyjwt
import pytest

from auth.errors import StepUpRequired
from auth.step_up import require_fresh
from tests.api.auth.world import World, answered

pytestmark = pytest.mark.anyio


@pytest.mark.proves("SEC-37")
async def test_what_the_app_asks_reaches_the_provider_in_its_own_words(world: World) -> None:
    async with world.browser() as browser:
        for changes, asked in (
            ({}, {}),
            ({"acr_values": "2"}, {"acr_values": "vneid:2"}),
            ({"acr_values": "1"}, {"acr_values": "vneid:1 vneid:2"}),
            ({"acr_values": "2 1"}, {"acr_values": "vneid:1 vneid:2"}),
            ({"max_age": "0", "prompt": "login"}, {"max_age": "0", "prompt": "login"}),
        ):
            page = (await browser.authorize(**changes)).headers["location"]
            query = {name: values[0] for name, values in parse_qs(urlsplit(page).query).items()}
            assert {name: query[name] for name in ("acr_values", "max_age", "prompt") if name in query} == asked


@pytest.mark.proves("SEC-37")
@pytest.mark.parametrize(
    ("login", "asked", "enough"),
    [
        ("lan", {"acr_values": "2", "max_age": "300"}, True),
        ("lan", {"acr_values": "1"}, True),
        ("bao", {"acr_values": "1"}, True),
        ("bao", {"acr_values": "2"}, False),
    ],
)
async def test_an_account_of_too_low_a_level_is_sent_back(
    world: World, login: str, asked: dict[str, str | None], enough: bool
) -> None:
    async with world.browser() as browser:
        answer = await browser.code(login, **asked)
    assert ("code" in answer) is enough
    if not enough:
        assert (answer["error"], answer["iss"]) == ("unmet_authentication_requirements", world.url)


@pytest.mark.proves("SEC-37")
async def test_a_provider_that_remembers_too_long_or_does_not_say_since_when_is_not_believed(world: World) -> None:
    now = int(world.clock.now().timestamp())
    for auth_time, enough in ((now, True), (now - 300, True), (now - 331, False), (now + 3600, False), (None, False)):
        world.hostile.claims = {"auth_time": auth_time}
        async with world.browser() as browser:
            answer = answered(await browser.http.get(await browser.to_callback("", "hostile", max_age="300")))
        assert ("code" in answer) is enough, auth_time


@pytest.mark.proves("SEC-37")
async def test_a_sign_in_at_a_provider_that_does_not_say_when_is_not_a_fresh_one(world: World) -> None:
    for auth_time, told in ((None, False), (int(world.clock.now().timestamp()), True)):
        world.hostile.claims = {"auth_time": auth_time}
        tokens = await world.sign_in("", "hostile")
        assert ("auth_time" in pyjwt.decode(tokens["access_token"], options={"verify_signature": False})) is told
        principal = await world.auth.tokens.verify(tokens["access_token"])
        with nullcontext() if told else pytest.raises(StepUpRequired):
            require_fresh(principal, world.clock.now(), level=0)


@pytest.mark.parametrize(
    "asked", [{"max_age": "-1"}, {"max_age": str(365 * 86_400 + 1)}, {"max_age": "1.5"}, {"max_age": "٣"}, {"acr_values": "x"}]
)
async def test_a_demand_that_is_no_demand_is_refused(world: World, asked: dict[str, str | None]) -> None:
    async with world.browser() as browser:
        answer = answered(await browser.authorize(**asked))
    assert answer["error"] == "invalid_request"


@pytest.mark.proves("SEC-37")
async def test_the_token_says_how_sure_and_since_when(world: World) -> None:
    async with world.browser() as browser:
        token = (await browser.redeem((await browser.code(acr_values="2", max_age="0", prompt="login"))["code"])).json()
    claims = pyjwt.decode(token["access_token"], options={"verify_signature": False})
    assert claims["acr"] == "2"
    assert world.clock.now().timestamp() - claims["auth_time"] <= timedelta(minutes=1).total_seconds()
