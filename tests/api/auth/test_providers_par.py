"""Our own requests, pushed to a provider that offers it (RFC 9126)."""

from datetime import timedelta

import pytest

from tests.api.auth.world import World, answered

pytestmark = pytest.mark.anyio


@pytest.fixture
def offering(world: World) -> World:
    """The provider says where to push; what we know of it is out of date."""
    world.hostile.metadata = {"pushed_authorization_request_endpoint": f"{world.hostile.issuer}/par"}
    world.clock.advance(timedelta(hours=1, seconds=1))
    return world


@pytest.fixture(autouse=True)
def forget(world: World):
    """The next test asks for the metadata anew."""
    yield
    world.clock.advance(timedelta(hours=1, seconds=1))


async def test_where_a_provider_offers_it_the_browser_carries_a_name_only(offering: World) -> None:
    world = offering
    async with world.browser() as browser:
        page = (await browser.authorize(provider="hostile", max_age="300")).headers["location"]
        assert page == f"{world.hostile.issuer}/authorize?client_id=motcua&request_uri=urn%3Ax%3A1"
        assert world.hostile.pushed_by.startswith("Basic ")
        assert {"state", "nonce", "code_challenge", "redirect_uri", "max_age"} < world.hostile.pushed.keys()
        world.hostile.claims = {"auth_time": int(world.clock.now().timestamp())}
        back = (await browser.http.get(page)).headers["location"]
        assert "code" in answered(await browser.http.get(back))


@pytest.mark.proves("SEC-19")
async def test_a_push_goes_to_hosts_of_the_provider_only(world: World) -> None:
    world.hostile.metadata = {"pushed_authorization_request_endpoint": "http://169.254.169.254/par"}
    world.clock.advance(timedelta(hours=1, seconds=1))
    async with world.browser() as browser:
        assert answered(await browser.authorize(provider="hostile"))["error"] == "temporarily_unavailable"


async def test_a_provider_that_refuses_the_push_gets_nobody_sent(offering: World) -> None:
    offering.hostile.takes_pushed = 400
    async with offering.browser() as browser:
        answer = await browser.authorize(provider="hostile")
        assert "error=temporarily_unavailable" in answer.headers["location"]
