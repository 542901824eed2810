"""Sign-in between two who have never seen our code: node-oidc-provider vouches for a person, openid-client is the app.

The provider signs, pushes and signs out as its authors read the standards; the app proves its key, checks `iss` and rotates as its
authors read them. In between stands our server as it is.
"""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from auth.config import ClaimNames, ProviderConfig
from tests.api.auth.world import CALLBACK, SECRET, World, running_world
from tests.peers.talking import Peer, talking

OIDC = Path(__file__).parent / "oidc"
LAN = {"sub": "node-lan", "name": "Nguyễn Thị Lan", "personal_number": "096199000001"}


@asynccontextmanager
async def vouching(url: str) -> AsyncIterator[ProviderConfig]:
    """node-oidc-provider, for our server at `url`."""
    client = {
        "client_id": "motcua",
        "client_secret": SECRET,
        "redirect_uris": [f"{url}/auth/callback/node"],
        "backchannel_logout_uri": f"{url}/auth/backchannel-logout/node",
    }
    async with talking(OIDC / "provider.mjs", client=client, account=LAN) as provider:
        yield ProviderConfig(
            id="node",
            kind="citizen",
            name="node-oidc-provider",
            issuer=provider.first["issuer"],
            client_id="motcua",
            client_secret=SECRET,
            scopes=("openid", "profile"),
            acr_values="level:2",
            assurance={"level:2": 2},
            claims=ClaimNames(personal_number="personal_number"),
        )


@pytest.fixture(scope="module")
async def world(anyio_backend: str, mongodb_uri: str) -> AsyncIterator[World]:
    async with running_world(mongodb_uri, vouching) as world:
        yield world


@pytest.fixture
async def app(world: World) -> AsyncIterator[Peer]:
    """openid-client, discovered from our metadata."""
    async with talking(OIDC / "app.mjs", server=world.url, clientId="app", redirectUri=CALLBACK) as app:
        assert app.first == {"ready": world.url}
        yield app


@pytest.fixture
async def browser() -> AsyncIterator[httpx2.AsyncClient]:
    # One jar: cookies know no ports, and neither would a real browser's on one machine.
    async with httpx2.AsyncClient(timeout=30) as browser:
        yield browser


async def travel(browser: httpx2.AsyncClient, address: str, until: str) -> str:
    """Follow every redirect from `address` on; the first that goes to `until`."""
    for _ in range(12):
        answer = await browser.get(address)
        assert answer.is_redirect, (address.partition("?")[0], answer.status_code, answer.text[:500])
        address = str(httpx2.URL(address).join(answer.headers["location"]))
        if address.startswith(until):
            return address
    raise AssertionError(f"never came to {until}")


async def sign_in(app: Peer, browser: httpx2.AsyncClient) -> dict[str, Any]:
    """All the way; answers the tokens."""
    begun = await app.ask("begin", provider="node")
    return await app.ask("finish", url=await travel(browser, begun["url"], CALLBACK))


async def test_a_code_flow_with_a_pushed_request_pkce_and_a_proof_of_possession(app: Peer, browser: httpx2.AsyncClient) -> None:
    tokens = await sign_in(app, browser)
    assert tokens["token_type"].lower() == "dpop", tokens
    me = await app.ask("me")
    assert (me["status"], me["body"]["name"], me["body"]["assurance"]) == (200, LAN["name"], 2), me
    assert me["body"]["hasPersonalNumber"] is True


@pytest.mark.proves("SEC-28", "SEC-29")
async def test_refreshing_goes_on_and_a_used_token_ends_it(app: Peer, browser: httpx2.AsyncClient) -> None:
    first = await sign_in(app, browser)
    second = await app.ask("refresh")
    third = await app.ask("refresh")
    assert len({first["refresh_token"], second["refresh_token"], third["refresh_token"]}) == 3
    assert (await app.ask("me"))["status"] == 200
    # Its successor has been used: the first is in two hands.
    assert (await app.ask("refresh", token=first["refresh_token"]))["refused"] == "invalid_grant"
    assert (await app.ask("me"))["status"] == 401
    assert (await app.ask("refresh", token=third["refresh_token"]))["refused"] == "invalid_grant"


@pytest.mark.proves("SEC-32")
async def test_a_revoked_session_is_refused(app: Peer, browser: httpx2.AsyncClient) -> None:
    await sign_in(app, browser)
    assert (await app.ask("me"))["status"] == 200
    assert await app.ask("revoke") == {}
    assert (await app.ask("me")).get("status") == 401
    assert (await app.ask("refresh"))["refused"] == "invalid_grant"


@pytest.mark.proves("SEC-34")
async def test_signing_out_at_the_provider_is_heard_here(app: Peer, browser: httpx2.AsyncClient, world: World) -> None:
    await sign_in(app, browser)
    assert (await app.ask("me"))["status"] == 200
    node = world.config.provider("node")
    assert node
    page = await browser.get(f"{node.issuer}/session/end")
    found = re.search(r'name="xsrf" value="([^"]+)"', page.text)
    assert found, page.text[:500]
    # It calls our back channel before it answers.
    done = await browser.post(f"{node.issuer}/session/end/confirm", data={"xsrf": found[1], "logout": "yes"})
    assert done.is_redirect, done.text[:500]
    assert (await app.ask("me")).get("status") == 401
    assert (await app.ask("refresh"))["refused"] == "invalid_grant"


@pytest.mark.proves("SEC-12")
async def test_a_code_of_one_provider_brought_to_the_callback_of_another_is_refused(
    app: Peer, browser: httpx2.AsyncClient, world: World
) -> None:
    """Mix-up (RFC 9700, 4.4): the sign-in was begun with one provider, the code is the other's."""
    with_node = await app.ask("begin", provider="node")
    answer = httpx2.URL(await travel(browser, with_node["url"], f"{world.url}/auth/callback/node"))
    # Where it belongs, but to the wrong door: nothing was begun there under this state.
    wrong_door = str(answer).replace("/callback/node", "/callback/citizen")
    assert (await browser.get(wrong_door)).status_code == 400
    # The right state of a sign-in with the other provider, and this provider's code in it.
    other = await app.ask("begin", provider="hostile")
    state = httpx2.URL(await travel(browser, other["url"], f"{world.url}/auth/callback/hostile")).params["state"]
    swapped = httpx2.URL(f"{world.url}/auth/callback/hostile", params={**answer.params, "state": state})
    before = world.hostile.fetched["token"]
    page = await browser.get(swapped)
    assert (page.status_code, "location" in page.headers) == (400, False)
    # Not even asked: the code of one is not shown to the other.
    assert world.hostile.fetched["token"] == before
