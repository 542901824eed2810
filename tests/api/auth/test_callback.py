"""Coming back from a provider: only what this browser began, only from whom it was sent to, only what checks out."""

import asyncio
import base64
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import jwt as pyjwt
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from auth.documents import LoginTransaction, Person
from auth.errors import ProviderAnswerRefused, ProviderUnavailable
from auth.providers.discovery import Discovery
from auth.providers.outbound import OutboundRefused, ProviderTransport, client_options
from kernel.clock import TestClock
from tests.api.auth.hostile import HostileProvider
from tests.api.auth.world import HOUR, SECRET, Browser, World, answered

pytestmark = pytest.mark.anyio


def discovery_of(world: World) -> tuple[Discovery, ProviderTransport]:
    """What another process would know of the hostile provider: nothing yet."""
    provider = world.config.provider("hostile")
    assert provider is not None
    transport = ProviderTransport(provider, plain_http_here=True)
    return Discovery(provider, transport, world.clock), transport


async def refused(world: World, browser: Browser) -> bool:
    """Whether a sign-in at the hostile provider ends on our own page, with no code for anybody."""
    page = await browser.http.get(await browser.to_callback("", "hostile"))
    assert page.status_code in (302, 400), page.text
    return page.status_code == 400 and "location" not in page.headers


@pytest.mark.proves("SEC-11")
async def test_each_sign_in_has_a_state_nonce_and_verifier_of_its_own(world: World) -> None:
    seen: set[str] = set()
    async with world.browser() as browser:
        for _ in range(3):
            asked = httpx2.URL((await browser.authorize()).headers["location"]).params
            seen |= {asked["state"], asked["nonce"], asked["code_challenge"]}
            assert min(len(asked["state"]), len(asked["nonce"])) >= 43
            assert asked["code_challenge_method"] == "S256"
    assert len(seen) == 9


@pytest.mark.proves("SEC-11")
async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(world: World) -> None:
    async with world.browser() as browser:
        cookie = (await browser.authorize()).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "path=/" in cookie
    assert "domain" not in cookie


@pytest.mark.proves("SEC-11")
async def test_a_callback_in_another_browser_is_refused_and_spoils_nothing(world: World) -> None:
    async with world.browser() as browser, world.browser() as stranger:
        callback = await browser.to_callback()
        await stranger.authorize()
        assert (await stranger.http.get(callback)).status_code == 400
        async with httpx2.AsyncClient() as without_cookies:
            assert (await without_cookies.get(callback)).status_code == 400
        assert "code" in answered(await browser.http.get(callback))


@pytest.mark.proves("SEC-11")
async def test_a_state_is_taken_up_once_and_within_ten_minutes(world: World) -> None:
    async with world.browser() as browser:
        callback = await browser.to_callback()
        assert (await browser.http.get(callback)).status_code == 302
        again = await browser.http.get(callback)
        # The provider refuses its code the second time as well; that is not what is asked here.
        assert (again.status_code, "sign_in_interrupted" in again.text) == (400, True)
        callback = await browser.to_callback()
        world.clock.advance(timedelta(minutes=10))
        assert (await browser.http.get(callback)).status_code == 400


async def test_two_tabs_of_one_browser_do_not_disturb_each_other(world: World) -> None:
    async with world.browser() as browser:
        first, second = await browser.to_callback("lan"), await browser.to_callback("bao")
        assert "code" in answered(await browser.http.get(first))
        assert "code" in answered(await browser.http.get(second))


@pytest.mark.proves("SEC-11")
async def test_the_state_lies_in_the_database_only_as_its_hash(world: World) -> None:
    async with world.browser() as browser:
        state = httpx2.URL((await browser.authorize()).headers["location"]).params["state"]
        cookie = dict(browser.http.cookies)["signin"]
    async for transaction in LoginTransaction.get_pymongo_collection().find():
        assert state not in str(transaction)
        assert cookie not in str(transaction)


@pytest.mark.proves("SEC-12")
async def test_an_answer_cannot_be_brought_to_another_providers_callback(world: World) -> None:
    async with world.browser() as browser:
        callback = await browser.to_callback()
        assert (await browser.http.get(callback.replace("/callback/citizen", "/callback/hostile"))).status_code == 400
        assert (await browser.http.get(callback.replace("/callback/citizen", "/callback/unknown"))).status_code == 404


@pytest.mark.proves("SEC-12")
@pytest.mark.parametrize("iss", ["", "https://evil.example", "citizen"])
async def test_an_answer_must_name_its_issuer_when_the_provider_says_it_does(world: World, iss: str) -> None:
    world.hostile.response = {"iss": world.citizen_url if iss == "citizen" else iss}
    async with world.browser() as browser:
        assert await refused(world, browser)
    assert world.hostile.fetched["token"] == 0


MUTATIONS: list[dict[str, Any]] = [
    {"iss": "https://evil.example"},
    {"iss": None},
    {"sub": None},
    {"sub": ""},
    {"sub": 7},
    {"aud": "another-client"},
    {"aud": None},
    {"aud": ["another-client", "third"]},
    {"aud": "another-client", "azp": "motcua"},
    {"aud": ["motcua", "another-client"]},
    {"aud": ["motcua", "another-client"], "azp": "another-client"},
    {"azp": "another-client"},
    {"exp": None},
    {"exp": -31},
    {"exp": "tomorrow"},
    {"iat": None},
    {"iat": 31},
    {"nbf": 31},
    {"nonce": None},
    {"nonce": "another"},
    {"nonce": ["another"]},
    {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
    {"auth_time": "yesterday"},
]


@pytest.mark.proves("SEC-14")
@pytest.mark.parametrize("bent", MUTATIONS, ids=str)
async def test_an_id_token_with_one_wrong_claim_is_refused(world: World, bent: dict[str, Any]) -> None:
    now = int(world.clock.now().timestamp())
    # A number is meant as seconds from now.
    times = ("exp", "iat", "nbf")
    world.hostile.claims = {k: now + v if k in times and isinstance(v, int) else v for k, v in bent.items()}
    async with world.browser() as browser:
        assert await refused(world, browser)


@pytest.mark.proves("SEC-14")
@pytest.mark.parametrize("claims", [{}, {"aud": ["motcua"]}, {"aud": ["motcua", "x"], "azp": "motcua"}, {"at_hash": None}], ids=str)
async def test_an_id_token_in_order_is_taken(world: World, claims: dict[str, Any]) -> None:
    world.hostile.claims = claims
    async with world.browser() as browser:
        assert not await refused(world, browser)


@pytest.mark.proves("SEC-14")
async def test_clocks_may_differ_by_thirty_seconds_and_no_more(world: World) -> None:
    now = int(world.clock.now().timestamp())
    for claims, answer in (({"exp": now - 29}, False), ({"exp": now - 30}, True), ({"iat": now + 30}, False)):
        world.hostile.claims = claims
        async with world.browser() as browser:
            assert await refused(world, browser) is answer, claims


def encoded(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def hmac_signed(header: dict[str, Any], claims: dict[str, Any], secret: bytes) -> str:
    """Made by hand: joserfc knows better than to take a public key for a secret."""
    signed = f"{encoded(header)}.{encoded(claims)}"
    return f"{signed}.{base64.urlsafe_b64encode(hmac.digest(secret, signed.encode(), 'sha256')).rstrip(b'=').decode()}"


def forgers(op: HostileProvider) -> dict[str, Callable[[dict[str, Any]], str]]:
    """Ways to make a token with good claims that this provider's key has not signed as it should."""
    kid, pem = op.key.kid, op.key.as_pem(private=True)
    stranger, rsa = ECKey.generate_key("P-256"), RSAKey.generate_key(2048)
    return {
        "none": lambda claims: f"{encoded({'alg': 'none', 'kid': kid})}.{encoded(claims)}.",
        "unsigned": lambda claims: op.sign(claims).rsplit(".", 1)[0] + ".",
        "public key as secret": lambda claims: hmac_signed({"alg": "HS256", "kid": kid}, claims, op.key.as_pem(private=False)),
        "client secret": lambda claims: hmac_signed({"alg": "HS256"}, claims, SECRET.encode()),
        "stranger": lambda claims: jwt.encode({"alg": "ES256", "kid": kid}, claims, stranger),
        "stranger's kid": lambda claims: jwt.encode({"alg": "ES256", "kid": stranger.thumbprint()}, claims, stranger),
        "algorithm not configured": lambda claims: jwt.encode({"alg": "RS256", "kid": kid}, claims, rsa),
        "key in the header": lambda claims: pyjwt.encode(
            claims, stranger.as_pem(private=True), "ES256", headers={"jwk": stranger.as_dict(private=False), "kid": kid}
        ),
        "crit": lambda claims: pyjwt.encode(claims, pem, "ES256", headers={"kid": kid, "crit": ["unheard-of"], "unheard-of": 1}),
        "logout token": lambda claims: op.sign(claims, typ="logout+jwt"),
        "access token": lambda claims: op.sign(claims, typ="at+jwt"),
        "claims changed": lambda claims: op.sign(claims).replace(".", f".{encoded({**claims, 'sub': 'admin'})}.", 1),
        "garbage": lambda _: "not.a.jwt",
        "no token": lambda _: "",
        "long": lambda claims: op.sign({**claims, "padding": "x" * 20_000}),
    }


FORGERIES = sorted(forgers(HostileProvider("https://op.example", TestClock(datetime(2026, 1, 1, tzinfo=UTC)))))


@pytest.mark.proves("SEC-14")
@pytest.mark.parametrize("forgery", FORGERIES)
async def test_a_forged_id_token_is_refused(world: World, forgery: str) -> None:
    world.hostile.forge = forgers(world.hostile)[forgery]
    async with world.browser() as browser:
        assert await refused(world, browser)


@pytest.mark.proves("SEC-21")
async def test_userinfo_of_somebody_else_is_refused(world: World) -> None:
    world.hostile.userinfo = {"sub": "somebody-else"}
    async with world.browser() as browser:
        assert await refused(world, browser)


async def test_an_id_token_is_as_long_as_it_needs_to_be_and_no_longer(world: World) -> None:
    # Sixteen kibibytes hold a generous account; a flood is not even decoded.
    world.hostile.claims = {"certificate": "x" * 8_000}
    assert (await world.sign_in("", "hostile"))["access_token"]
    world.hostile.claims = {"certificate": "x" * 16_000}
    async with world.browser() as browser:
        assert await refused(world, browser)


async def test_a_code_the_provider_itself_refuses_signs_nobody_in(world: World) -> None:
    world.hostile.refuses_code = True
    async with world.browser() as browser:
        page = await browser.http.get(await browser.to_callback("", "hostile"))
    # The provider's own no, and no fault of ours: 400, not 503, and nothing for the app.
    assert (page.status_code, "location" in page.headers) == (400, False), page.text


async def test_userinfo_that_is_no_json_is_a_refusal_and_never_compressed(world: World) -> None:
    await world.sign_in("", "hostile")
    # What is compressed can be a thousand times larger than it looks.
    assert world.hostile.encodings == {"identity"}
    world.hostile.babbles = True
    async with world.browser() as browser:
        assert await refused(world, browser)


async def test_what_is_signed_wins_over_userinfo(world: World) -> None:
    world.hostile.userinfo = {"name": "Unsigned", "acr": "high"}
    me = (await world.me((await world.sign_in("", "hostile"))["access_token"])).json()
    assert (me["name"], me["assurance"]) == ("Mallory", 2)


@pytest.mark.proves("SEC-15")
async def test_a_thousand_invented_key_ids_cost_at_most_one_fetch(world: World) -> None:
    discovery, transport = discovery_of(world)
    assert await discovery.key(world.hostile.key.kid)
    world.clock.advance(timedelta(seconds=31))
    before = world.hostile.fetched["jwks"]

    async def ask(number: int) -> None:
        with pytest.raises(ProviderAnswerRefused):
            await discovery.key(f"invented-{number}")

    await asyncio.gather(*(ask(number) for number in range(1000)))
    assert world.hostile.fetched["jwks"] == before + 1
    await discovery.close()
    await transport.close_for_good()


@pytest.mark.proves("SEC-15")
async def test_a_new_key_is_found_and_old_keys_survive_a_provider_that_is_down(world: World) -> None:
    discovery, transport = discovery_of(world)
    old = world.hostile.key
    assert await discovery.key(old.kid)
    world.hostile.down = True
    world.clock.advance(2 * HOUR)
    assert await discovery.key(old.kid)
    world.hostile.down = False
    world.hostile.key = world.hostile.signing_key = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)
    with pytest.raises(ProviderAnswerRefused):
        await discovery.key(world.hostile.key.kid)
    world.clock.advance(timedelta(seconds=30))
    assert await discovery.key(world.hostile.key.kid)
    await discovery.close()
    await transport.close_for_good()


@pytest.mark.proves("SEC-13")
async def test_metadata_of_another_issuer_is_refused_also_when_it_changes_later(world: World) -> None:
    discovery, transport = discovery_of(world)
    for issuer in (world.hostile.issuer + "/", "https://evil.example", ""):
        world.hostile.metadata = {"issuer": issuer}
        with pytest.raises(ProviderAnswerRefused):
            await discovery.metadata()
        world.clock.advance(timedelta(seconds=5))
    world.hostile.metadata = {}
    assert (await discovery.metadata()).issuer == world.hostile.issuer
    world.hostile.metadata = {"issuer": "https://evil.example"}
    assert (await discovery.metadata()).issuer == world.hostile.issuer
    world.clock.advance(HOUR)
    with pytest.raises(ProviderAnswerRefused):
        await discovery.metadata()
    await discovery.close()
    await transport.close_for_good()


async def test_those_who_wait_for_a_provider_that_is_down_wait_once(world: World) -> None:
    discovery, transport = discovery_of(world)
    world.hostile.down = True
    asked = await asyncio.gather(*(discovery.metadata() for _ in range(20)), return_exceptions=True)
    assert all(isinstance(answer, ProviderUnavailable) for answer in asked)
    assert world.hostile.fetched["metadata"] == 1
    world.hostile.down = False
    world.clock.advance(timedelta(seconds=5))
    assert (await discovery.metadata()).issuer == world.hostile.issuer
    await discovery.close()
    await transport.close_for_good()


@pytest.mark.proves("SEC-13", "SEC-15")
async def test_metadata_is_fetched_once_an_hour_and_the_old_serves_while_the_provider_is_down(world: World) -> None:
    discovery, transport = discovery_of(world)
    await asyncio.gather(*(discovery.metadata() for _ in range(20)))
    assert world.hostile.fetched["metadata"] == 1
    world.clock.advance(HOUR)
    world.hostile.down = True
    assert (await discovery.metadata()).issuer == world.hostile.issuer
    await discovery.close()
    await transport.close_for_good()


@pytest.mark.proves("SEC-19")
@pytest.mark.parametrize(
    "address",
    ["http://169.254.169.254/latest", "http://127.0.0.1:1/token", "https://evil.example/token", "file:///etc/passwd", "citizen"],
)
async def test_metadata_cannot_point_us_anywhere_else(world: World, address: str) -> None:
    target = f"{world.citizen_url}/token" if address == "citizen" else address
    world.clock.advance(HOUR)
    world.hostile.metadata = {"token_endpoint": target}
    async with world.browser() as browser:
        answer = answered(await browser.http.get(await browser.to_callback("", "hostile")))
    assert answer["error"] == "temporarily_unavailable"
    world.hostile.behave()
    world.clock.advance(HOUR)


@pytest.mark.proves("SEC-19")
async def test_a_redirect_is_not_followed_and_a_flood_is_cut_off(world: World) -> None:
    discovery, transport = discovery_of(world)
    world.hostile.redirects_to = f"{world.citizen_url}/.well-known/openid-configuration"
    with pytest.raises(ProviderUnavailable):
        await discovery.metadata()
    world.hostile.behave()
    world.hostile.metadata = {"padding": "x" * 300_000}
    world.clock.advance(timedelta(seconds=5))
    with pytest.raises(ProviderUnavailable):
        await discovery.metadata()
    http = httpx2.AsyncClient(**client_options(transport))  # type: ignore[arg-type]
    with pytest.raises(OutboundRefused):
        await http.get(f"{world.citizen_url}/jwks")
    await discovery.close()
    await transport.close_for_good()
    world.hostile.behave()
    world.hostile.oversized = True
    async with world.browser() as browser:
        answer = answered(await browser.http.get(await browser.to_callback("", "hostile")))
    assert answer["error"] == "temporarily_unavailable"


async def test_first_sign_ins_at_the_same_moment_make_one_person(world: World) -> None:
    world.hostile.subject = "twenty-at-once"
    browsers = [world.browser() for _ in range(8)]
    for browser in browsers:
        await browser.__aenter__()
    callbacks = [await browser.to_callback("", "hostile") for browser in browsers]
    came = await asyncio.gather(*(b.http.get(c) for b, c in zip(browsers, callbacks, strict=True)))
    assert all("code" in answered(page) for page in came)
    assert await Person.find({"identities.subject": "twenty-at-once"}).count() == 1
    for browser in browsers:
        await browser.http.aclose()
