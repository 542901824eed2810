"""Access tokens at the resource: only ours, only for us, only for now, only while their session lives."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import httpx2
import jwt as pyjwt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import ECKey

from auth.config import ConfigError
from auth.documents import SigningKey
from auth.errors import TokenInvalid
from auth.lifetimes import KEY_PUBLICATION
from auth.tokens.signing_keys import NextKeyTooYoung, SigningKeys, SigningKeyUnknown
from kernel.ids import new_id
from tests.api.auth.world import World

pytestmark = pytest.mark.anyio


def claims_of(token: str) -> dict[str, Any]:
    return dict(pyjwt.decode(token, options={"verify_signature": False}))


async def assert_refused(world: World, token: str, why: object = "") -> None:
    """On a private and on a public route alike."""
    for path in ("/v1/me", "/v1/public"):
        answer = await world.me(token, path)
        assert answer.status_code == 401, (why, answer.text)
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.proves("SEC-22")
async def test_an_access_token_is_an_rfc_9068_token_that_says_nothing_personal(world: World) -> None:
    token = (await world.sign_in("lan"))["access_token"]
    header, claims = pyjwt.get_unverified_header(token), claims_of(token)
    assert (header["typ"], header["alg"]) == ("at+jwt", "ES256")
    assert set(claims) == {"iss", "aud", "sub", "client_id", "scope", "sid", "acr", "auth_time", "iat", "exp", "jti"}
    assert (claims["iss"], claims["aud"], claims["exp"] - claims["iat"]) == (world.url, world.url, 600)
    assert "Lan" not in json.dumps(claims)


@pytest.mark.proves("SEC-22")
@pytest.mark.parametrize(
    "bent",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": "https://another-api.example"},
        {"aud": ["https://another-api.example"]},
        {"aud": None},
        {"exp": None},
        {"exp": -1},
        {"exp": 0},
        {"exp": "never"},
        {"exp": 1e12},
        {"exp": True},
        {"iat": None},
        {"sub": None},
        {"sub": "somebody-else"},
        {"sub": 7},
        {"jti": None},
        {"client_id": None},
        {"client_id": "unknown"},
        {"client_id": "one-stop"},
        {"client_id": "one-stop", "sid": None},
        {"client_id": "one-stop", "sub": "one-stop"},
        {"client_id": "other-app"},
        {"scope": None},
        {"scope": ["openid"]},
        {"sid": None},
        {"sid": "another"},
        {"sid": {"$ne": None}},
    ],
    ids=str,
)
async def test_a_token_with_one_wrong_claim_is_refused_even_with_our_signature(world: World, bent: dict[str, Any]) -> None:
    claims = claims_of((await world.sign_in())["access_token"])
    now = int(world.clock.now().timestamp())
    claims |= {k: now + v if k == "exp" and type(v) is int else v for k, v in bent.items()}
    token = world.auth.keys.sign({k: v for k, v in claims.items() if v is not None}, typ="at+jwt")
    await assert_refused(world, token, bent)


@pytest.mark.proves("SEC-22")
async def test_a_token_in_order_made_the_same_way_is_taken(world: World) -> None:
    claims = claims_of((await world.sign_in())["access_token"])
    for typ in ("at+jwt", "application/at+jwt", "AT+JWT"):
        assert (await world.me(world.auth.keys.sign({**claims, "jti": new_id()}, typ=typ))).status_code == 200


@pytest.mark.proves("SEC-22")
async def test_no_other_kind_of_jwt_passes_for_an_access_token(world: World) -> None:
    claims = claims_of((await world.sign_in())["access_token"])
    ours = world.auth.keys
    kid = ours.public_jwks()[0]["kid"]
    stranger = ECKey.generate_key("P-256")
    matrix = {
        typ: ours.sign({**claims, "jti": typ}, typ=typ) for typ in ("JWT", "id_token", "logout+jwt", "dpop+jwt", "secevent+jwt", "")
    }
    matrix["no typ"] = jwt.encode({"alg": "ES256", "kid": kid}, claims, stranger, default_type=None)
    matrix["stranger"] = jwt.encode({"alg": "ES256", "kid": kid, "typ": "at+jwt"}, claims, stranger)
    matrix["stranger's kid"] = jwt.encode({"alg": "ES256", "kid": "unknown", "typ": "at+jwt"}, claims, stranger)
    matrix["no kid"] = jwt.encode({"alg": "ES256", "typ": "at+jwt"}, claims, stranger)
    matrix["none"] = pyjwt.encode(claims, None, "none", headers={"kid": kid, "typ": "at+jwt"})
    matrix["symmetric"] = pyjwt.encode(claims, "s" * 64, "HS256", headers={"kid": kid, "typ": "at+jwt"})
    matrix["client assertion"] = world.assertion()
    matrix["provider's ID token"] = world.hostile.sign({**claims, "iss": world.hostile.issuer})
    matrix["refresh token"] = (await world.sign_in())["refresh_token"]
    for name, token in matrix.items():
        await assert_refused(world, token, name)


@pytest.mark.proves("SEC-22")
@settings(max_examples=300, deadline=None)
@given(token=st.text(alphabet=st.characters(codec="latin-1"), max_size=200) | st.just("." * 3) | st.just("e30." * 3))
async def test_whatever_is_sent_as_a_token_is_refused_and_breaks_nothing(shared_world: World, token: str) -> None:
    with pytest.raises(TokenInvalid):
        await shared_world.auth.tokens.verify(token)


async def test_a_header_nested_without_end_is_refused(world: World) -> None:
    deep = pyjwt.utils.base64url_encode(b"[" * 2500).decode()
    for token in (f"{deep}.e30.e30", "x" * 100_000):
        with pytest.raises(TokenInvalid):
            await world.auth.tokens.verify(token)


@pytest.mark.proves("SEC-26")
async def test_a_token_counts_only_in_the_header_and_only_as_a_bearer(world: World) -> None:
    token = (await world.sign_in())["access_token"]
    async with httpx2.AsyncClient(base_url=world.url) as http:
        assert (await http.get("/v1/me", params={"access_token": token})).status_code == 401
        twice = [("authorization", f"Bearer {token}"), ("authorization", f"Bearer {token}")]
        assert (await http.get("/v1/me", headers=twice)).status_code == 401
        assert (await http.get("/v1/public", headers={"authorization": "Bearer"})).status_code == 401
    for scheme in ("Basic", "DPoP", "Token"):
        assert (await world.me(token, scheme=scheme)).status_code == 401
    assert (await world.me(token, scheme="bearer")).status_code == 200


async def test_somebody_who_says_nothing_may_use_what_is_public(world: World) -> None:
    async with httpx2.AsyncClient(base_url=world.url) as http:
        assert (await http.get("/v1/public")).status_code == 200
        answer = await http.get("/v1/me")
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


async def test_a_token_is_remembered_only_until_it_expires(world: World) -> None:
    token = (await world.sign_in())["access_token"]
    assert (await world.me(token)).status_code == 200
    world.clock.advance(timedelta(minutes=10))
    await assert_refused(world, token)


async def test_a_token_is_looked_into_once_and_then_known(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a request costs (under 30 µs once seen) hangs on this."""
    token = (await world.sign_in())["access_token"]
    known = await world.auth.tokens.verify(token)

    async def looked_again(_: str) -> None:
        raise AssertionError("signature and session were looked at again")

    monkeypatch.setattr(world.auth.tokens, "_first_sight", looked_again)
    assert await world.auth.tokens.verify(token) == known


@pytest.mark.proves("SEC-39")
async def test_keys_are_published_before_they_sign_and_stay_until_their_tokens_have_run_out(world: World) -> None:
    before = (await world.sign_in())["access_token"]
    published = {key["kid"] for key in world.auth.keys.public_jwks()}
    world.clock.advance(timedelta(minutes=10))
    fresh = (await world.sign_in())["access_token"]
    await world.auth.keys.rotate()
    after = (await world.sign_in())["access_token"]
    old, new = (pyjwt.get_unverified_header(token)["kid"] for token in (fresh, after))
    assert old != new
    assert new in published
    assert pyjwt.get_unverified_header(before)["kid"] == old
    assert (await world.me(fresh)).status_code == 200
    # The other process has not been told: it meets the key with the token.
    assert (await world.other.tokens.verify(after)).kind == "citizen"
    async with httpx2.AsyncClient(base_url=world.url) as http:
        answer = await http.get("/oauth/jwks")
    assert {old, new} < {key["kid"] for key in answer.json()["keys"]}
    assert answer.headers["cache-control"] == "public, max-age=300"
    assert not any("d" in key for key in answer.json()["keys"])
    with pytest.raises(NextKeyTooYoung):
        await world.auth.keys.rotate()


@pytest.mark.proves("SEC-40")
async def test_tokens_of_a_key_that_is_taken_away_are_refused_at_once(world: World) -> None:
    world.clock.advance(timedelta(minutes=10))
    token = (await world.sign_in())["access_token"]
    assert (await world.me(token)).status_code == 200
    await world.auth.keys.rotate()
    await SigningKey.find_one({"_id": pyjwt.get_unverified_header(token)["kid"]}).delete()
    await world.auth.keys.reload()
    await assert_refused(world, token)


@pytest.mark.proves("SEC-40")
async def test_a_key_that_signs_is_taken_away_and_the_next_one_signs_at_once(world: World) -> None:
    token = (await world.sign_in())["access_token"]
    await world.auth.keys.revoke(pyjwt.get_unverified_header(token)["kid"])
    await assert_refused(world, token)
    assert (await world.me((await world.sign_in())["access_token"])).status_code == 200
    assert [key["state"] for key in await world.auth.keys.listed() if key["state"] != "retired"] == ["active", "next"]
    with pytest.raises(SigningKeyUnknown):
        await world.auth.keys.revoke("unheard-of")


@pytest.mark.proves("SEC-39")
async def test_keys_change_by_themselves_after_ninety_days(world: World) -> None:
    await world.auth.keys.rotate_when_due()
    token = (await world.sign_in())["access_token"]
    world.clock.advance(timedelta(days=89, hours=23))
    assert not await world.auth.keys.rotate_when_due()
    world.clock.advance(timedelta(hours=1))
    assert sum(await asyncio.gather(*(auth.keys.rotate_when_due() for auth in (world.auth, world.other)))) == 1
    await world.auth.keys.reload()
    after = (await world.sign_in())["access_token"]
    assert pyjwt.get_unverified_header(after)["kid"] != pyjwt.get_unverified_header(token)["kid"]


@pytest.mark.proves("SEC-39", "SEC-41")
async def test_kids_are_thumbprints_and_private_keys_lie_encrypted(world: World) -> None:
    async for stored in SigningKey.get_pymongo_collection().find():
        assert ECKey.import_key(stored["public_jwk"]).thumbprint() == stored["_id"]
        assert "d" not in stored["public_jwk"]
        assert stored["private_jwe"].count(".") == 4


async def test_processes_that_start_at_once_on_an_empty_database_agree_on_the_keys(world: World) -> None:
    db = world.db.client[f"keys_{new_id()}"]
    await db["signing_keys"].create_indexes([index for index in SigningKey.Settings.indexes if "state" in index.document["key"]])
    rings = [SigningKeys(db, b"s" * 32, world.clock) for _ in range(8)]
    await asyncio.gather(*(ring.start() for ring in rings))
    assert await db["signing_keys"].count_documents({}) == 2
    with pytest.raises(ConfigError, match="key_secret"):
        await SigningKeys(db, b"x" * 32, world.clock).start()
    assert len({pyjwt.get_unverified_header(ring.sign({}, typ="at+jwt"))["kid"] for ring in rings}) == 1


@pytest.mark.proves("SEC-42")
async def test_another_algorithm_is_a_matter_of_configuration_and_two_rotations(world: World) -> None:
    """EdDSA is configured on a ring that signs with ES256: nothing breaks on the way, and both are verified."""
    db = world.db.client[f"keys_{new_id()}"]
    await SigningKeys(db, b"s" * 32, world.clock).start()
    ring = SigningKeys(db, b"s" * 32, world.clock, algorithm="EdDSA")
    await ring.start()
    signed = []
    for expected in ("ES256", "ES256", "EdDSA"):
        token = ring.sign({"sub": "x"}, typ="at+jwt")
        assert pyjwt.get_unverified_header(token)["alg"] == expected
        signed.append((token, expected))
        world.clock.advance(KEY_PUBLICATION)
        await ring.rotate()
    for token, algorithm in signed:
        key = ring.verifying_key(pyjwt.get_unverified_header(token)["kid"])
        assert key
        assert pyjwt.decode(token, key, algorithms=[algorithm]) == {"sub": "x"}
        other = "EdDSA" if algorithm == "ES256" else "ES256"
        with pytest.raises(pyjwt.InvalidTokenError):
            pyjwt.decode(token, key, algorithms=[other])
    assert {key["alg"] for key in ring.public_jwks()} == {"ES256", "EdDSA"}
    await world.db.client.drop_database(db.name)
