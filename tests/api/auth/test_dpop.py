"""Tokens bound to a phone's key (RFC 9449): what a proof has to say, and that a stolen token is worth nothing without the key.

The cases are those of node-oidc-provider's dpop.test.js, said anew; joserfc makes the proofs, and the server does not use it here.
"""

import asyncio
import base64
import json
from datetime import timedelta
from typing import Any

import httpx2
import jwt as pyjwt
import msgspec
import pytest
from joserfc.jwk import ECKey, OctKey, RSAKey

from auth.tokens.nonces import Nonces
from tests.api.auth.world import World
from tests.support.proofs import ProofMaker, ath, ed25519, es256

pytestmark = pytest.mark.anyio

ALGS = 'algs="ES256 EdDSA"'


def assert_proof_refused(answer: httpx2.Response, why: object = "") -> None:
    assert (answer.status_code, answer.json()["code"]) == (401, "proof_invalid"), (why, answer.text)
    assert answer.headers["www-authenticate"] == f'DPoP error="invalid_dpop_proof", {ALGS}'


def raw(header: dict[str, Any], claims: dict[str, Any]) -> str:
    """A JWT without a signature, of headers no library would write."""
    parts = (base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in (header, claims))
    return ".".join((*parts, "c2ln"))


@pytest.fixture
async def signed_in(world: World) -> tuple[ProofMaker, str]:
    """A phone, and its access token."""
    phone = world.phone()
    return phone, (await world.sign_in(phone=phone))["access_token"]


@pytest.mark.proves("SEC-23")
async def test_with_a_proof_at_the_token_endpoint_the_tokens_are_bound(world: World) -> None:
    phone = world.phone()
    tokens = await world.sign_in(phone=phone)
    assert tokens["token_type"] == "DPoP"
    assert pyjwt.decode(tokens["access_token"], options={"verify_signature": False})["cnf"] == {"jkt": phone.jkt}
    token = tokens["access_token"]
    assert (await world.me(token, scheme="DPoP", proof=phone.proof("GET", "/v1/me", token))).status_code == 200


@pytest.mark.proves("SEC-23")
async def test_a_bound_token_is_not_taken_as_a_bearer_token(world: World, signed_in: tuple[ProofMaker, str]) -> None:
    phone, token = signed_in
    for proof in ("", phone.proof("GET", "/v1/me", token)):
        answer = await world.me(token, scheme="Bearer", proof=proof)
        assert (answer.status_code, answer.json()["code"]) == (401, "token_needs_proof")
        assert answer.headers["www-authenticate"] == f'DPoP error="invalid_token", {ALGS}'


@pytest.mark.proves("SEC-23")
async def test_an_unbound_token_is_not_taken_with_a_proof(world: World) -> None:
    tokens, phone = await world.sign_in(), world.phone()
    token = tokens["access_token"]
    assert tokens["token_type"] == "Bearer"
    answer = await world.me(token, scheme="DPoP", proof=phone.proof("GET", "/v1/me", token))
    assert (answer.status_code, answer.json()["code"]) == (401, "token_unbound")
    assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'


@pytest.mark.proves("SEC-23")
async def test_who_has_no_token_is_told_of_both_schemes(world: World) -> None:
    async with httpx2.AsyncClient(base_url=world.url) as http:
        assert (await http.get("/v1/me")).headers["www-authenticate"] == f"Bearer, DPoP {ALGS}"


@pytest.mark.proves("SEC-23")
async def test_no_token_of_another_kind_is_saved_by_a_proof(world: World, signed_in: tuple[ProofMaker, str]) -> None:
    phone, token = signed_in
    for wrong in (phone.proof("GET", "/v1/me"), token[:-4] + "AAAA", "x"):
        answer = await world.me(wrong, scheme="DPoP", proof=phone.proof("GET", "/v1/me", wrong))
        assert (answer.status_code, answer.json()["code"]) == (401, "token_invalid")
        assert answer.headers["www-authenticate"] == f'DPoP error="invalid_token", {ALGS}'


HEADERS = {
    "no type": {"typ": None},
    "a JWT": {"typ": "JWT"},
    "a security event": {"typ": "secevent+jwt"},
    "an access token": {"typ": "at+jwt"},
    "no key": {"jwk": None},
    "no key but text": {"jwk": "foo"},
    "an empty key": {"jwk": {}},
    "a list": {"jwk": []},
    "a critical extension": {"crit": ["x"], "x": True},
}
CLAIMS = {
    "no jti": {"jti": None},
    "an empty jti": {"jti": ""},
    "a jti that is a number": {"jti": 1},
    "a jti without end": {"jti": "x" * 257},
    "no method": {"htm": None},
    "another method": {"htm": "POST"},
    "the method in lower case": {"htm": "get"},
    "no address": {"htu": None},
    "no address but a word": {"htu": "foo"},
    "another host": {"htu": "https://evil.example/v1/me"},
    "an address no parser takes": {"htu": "http://[/v1/me"},
    "no time": {"iat": None},
    "a time that is text": {"iat": "now"},
    "a time that is true": {"iat": True},
    "no hash of the token": {"ath": None},
    "the hash of another token": {"ath": ath("another")},
}


@pytest.mark.proves("SEC-24")
@pytest.mark.parametrize("bent", HEADERS)
async def test_a_proof_with_a_wrong_header_proves_nothing(world: World, signed_in: tuple[ProofMaker, str], bent: str) -> None:
    phone, token = signed_in
    header = {"typ": "dpop+jwt", "alg": "ES256", "jwk": phone.key.as_dict(private=False), **HEADERS[bent]}
    claims = pyjwt.decode(phone.proof("GET", "/v1/me", token), options={"verify_signature": False})
    signed = pyjwt.PyJWS().encode(
        json.dumps(claims).encode(),
        phone.key.private_key,
        algorithm="ES256",
        headers={name: value for name, value in header.items() if name != "alg"},
    )
    assert_proof_refused(await world.me(token, scheme="DPoP", proof=signed), bent)


@pytest.mark.proves("SEC-24")
@pytest.mark.parametrize("bent", CLAIMS)
async def test_a_proof_with_a_wrong_claim_proves_nothing(world: World, signed_in: tuple[ProofMaker, str], bent: str) -> None:
    phone, token = signed_in
    assert_proof_refused(await world.me(token, scheme="DPoP", proof=phone.proof("GET", "/v1/me", token, **CLAIMS[bent])), bent)


@pytest.mark.proves("SEC-24")
@pytest.mark.parametrize("algorithm", [1, True, None, "none", "HS256", "RS256", "ES384", "unsupported"])
async def test_a_proof_under_an_algorithm_we_do_not_take_proves_nothing(
    world: World, signed_in: tuple[ProofMaker, str], algorithm: Any
) -> None:
    phone, token = signed_in
    claims = pyjwt.decode(phone.proof("GET", "/v1/me", token), options={"verify_signature": False})
    header = {"typ": "dpop+jwt", "alg": algorithm, "jwk": phone.key.as_dict(private=False)}
    assert_proof_refused(await world.me(token, scheme="DPoP", proof=raw(header, claims)))


@pytest.mark.proves("SEC-24")
async def test_a_key_that_is_private_symmetric_weak_or_somebody_elses_proves_nothing(
    world: World, signed_in: tuple[ProofMaker, str]
) -> None:
    phone, token = signed_in
    public, rsa = phone.key.as_dict(private=False), RSAKey.generate_key(2048)
    shown = {
        "private": phone.key.as_dict(private=True),
        "symmetric": OctKey.generate_key(256).as_dict(),
        "rsa": rsa.as_dict(private=False),
        "another curve": ECKey.generate_key("P-384").as_dict(private=False),
        "not on the curve": {**public, "x": public["y"], "y": public["x"]},
        "half a key": {name: value for name, value in public.items() if name != "y"},
        "another key than the one that signed": es256().as_dict(private=False),
        "a key with a symmetric part": {**public, "k": "c2VjcmV0"},
        "numbers for coordinates": {**public, "x": 1, "y": 2},
    }
    for why, jwk in shown.items():
        proof = phone.proof("GET", "/v1/me", token, header={"jwk": jwk})
        assert_proof_refused(await world.me(token, scheme="DPoP", proof=proof), why)


@pytest.mark.proves("SEC-24")
async def test_a_proof_is_a_minute_old_at_most_and_as_little_in_the_future(world: World, signed_in: tuple[ProofMaker, str]) -> None:
    phone, token = signed_in
    now = int(world.clock.now().timestamp())
    for iat, status in ((now - 60, 200), (now + 60, 200), (now - 61, 401), (now + 61, 401), (now - 301, 401), (1e400, 401)):
        proof = phone.proof("GET", "/v1/me", token, iat=iat)
        assert (await world.me(token, scheme="DPoP", proof=proof)).status_code == status, iat - now


@pytest.mark.proves("SEC-24")
async def test_the_address_counts_without_query_and_however_it_is_written(world: World, signed_in: tuple[ProofMaker, str]) -> None:
    phone, token = signed_in
    shouted = world.url.replace("http", "HTTP")
    for path, htu, status in (
        ("/v1/me?x=1", f"{world.url}/v1/me", 200),
        ("/v1/me", f"{world.url}/v1/me?y=2#z", 200),
        ("/v1/me", f"{shouted}/v1/me", 200),
        ("/v1/me", f"{world.url}/v1/%6de", 200),
        ("/v1/%6De", f"{world.url}/v1/me", 200),
        ("/v1/me", f"{world.url}/v1/me/", 401),
        ("/v1/me", f"{world.url}/v1/ME", 401),
        ("/v1/me", f"{world.url}/v1%2Fme", 401),
        ("/v1/me", world.url.replace("127.0.0.1", "127.0.0.1.") + "/v1/me", 401),
        ("/v1/me", world.url.replace("http://", "https://") + "/v1/me", 401),
        ("/v1/me", f"{world.url}0/v1/me", 401),
    ):
        proof = phone.proof("GET", path, token, htu=htu)
        assert (await world.me(token, path, scheme="DPoP", proof=proof)).status_code == status, (path, htu)


@pytest.mark.proves("SEC-24")
async def test_a_proof_counts_once_and_for_one_request(world: World, signed_in: tuple[ProofMaker, str]) -> None:
    phone, token = signed_in
    proof = phone.proof("GET", "/v1/me", token)
    assert (await world.me(token, scheme="DPoP", proof=proof)).status_code == 200
    assert_proof_refused(await world.me(token, scheme="DPoP", proof=proof), "used")
    assert_proof_refused(await world.me(token, "/v1/public", scheme="DPoP", proof=phone.proof("GET", "/v1/me", token)))
    assert_proof_refused(await world.me(token, scheme="DPoP"), "none")
    two = [("authorization", f"DPoP {token}"), ("dpop", phone.proof("GET", "/v1/me", token)), ("dpop", "x")]
    async with httpx2.AsyncClient(base_url=world.url) as http:
        assert_proof_refused(await http.get("/v1/me", headers=two), "two")
    for broken in ("x", "a.b.c", "x" * 5_000, "é"):
        async with httpx2.AsyncClient(base_url=world.url) as http:
            headers = [(b"authorization", f"DPoP {token}".encode()), (b"dpop", broken.encode())]
            assert_proof_refused(await http.get("/v1/me", headers=headers), broken[:9])


@pytest.mark.proves("SEC-24")
async def test_a_change_happens_once_however_many_bring_its_proof_to_however_many_processes(
    world: World, signed_in: tuple[ProofMaker, str]
) -> None:
    phone, token = signed_in
    proof = phone.proof("POST", "/v1/change", token)
    asked = [world.me(token, "/v1/change", scheme="DPoP", proof=proof, method="POST") for _ in range(8)]
    assert sorted(answer.status_code for answer in await asyncio.gather(*asked)) == [201] + [401] * 7
    row = await world.db["spent_tokens"].find_one(sort=[("$natural", -1)])
    assert row is not None


@pytest.mark.proves("SEC-24")
async def test_nobody_uses_up_the_ids_of_another(world: World, signed_in: tuple[ProofMaker, str]) -> None:
    phone, token = signed_in
    other = world.phone()
    for method, path, right in (("GET", "/v1/me", 200), ("POST", "/v1/change", 201)):
        same = f"the-same-id-{method}"
        assert_proof_refused(
            await world.me(token, path, scheme="DPoP", proof=other.proof(method, path, token, jti=same), method=method)
        )
        answer = await world.me(token, path, scheme="DPoP", proof=phone.proof(method, path, token, jti=same), method=method)
        assert answer.status_code == right


@pytest.mark.proves("SEC-23", "SEC-24")
# joserfc would rather write `Ed25519` (RFC 9864); phones and PyJWT still say EdDSA.
@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
async def test_an_ed25519_key_is_as_good(world: World) -> None:
    phone = ProofMaker(world.url, world.clock, key=ed25519())
    token = (await world.sign_in(phone=phone))["access_token"]
    assert (await world.me(token, scheme="DPoP", proof=phone.proof("GET", "/v1/me", token))).status_code == 200


@pytest.mark.proves("SEC-08")
async def test_a_code_is_good_only_with_the_key_the_app_named(world: World) -> None:
    phone, other = world.phone(), world.phone()
    for proof in (other.for_token(), ""):
        async with world.browser() as browser:
            code = (await browser.code(dpop_jkt=phone.jkt))["code"]
            wrong = await browser.redeem(code, proof=proof)
            assert (wrong.status_code, wrong.json()["error"]) == (400, "invalid_grant")
            # Burnt: whoever held it had it from somewhere.
            assert (await browser.redeem(code, proof=phone.for_token())).json()["error"] == "invalid_grant"
    async with world.browser() as browser:
        right = await browser.redeem((await browser.code(dpop_jkt=phone.jkt))["code"], proof=phone.for_token())
    assert (right.status_code, right.json()["token_type"]) == (200, "DPoP")


@pytest.mark.proves("SEC-08")
@pytest.mark.parametrize("named", ["x", "a" * 42, "a" * 44, "a" * 42 + "="])
async def test_what_is_no_thumbprint_is_refused_at_once(world: World, named: str) -> None:
    async with world.browser() as browser:
        answer = await browser.authorize(dpop_jkt=named)
    assert "error=invalid_request" in answer.headers["location"]


@pytest.mark.proves("SEC-30")
async def test_a_stolen_refresh_token_without_its_key_neither_works_nor_burns_the_family(world: World) -> None:
    phone, thief = world.phone(), world.phone()
    tokens = await world.sign_in(phone=phone)
    for proof in (thief.for_token(), ""):
        stolen = await world.refresh(tokens["refresh_token"], proof=proof)
        assert (stolen.status_code, stolen.json()["error"]) == (400, "invalid_grant")
    owners = await world.refresh(tokens["refresh_token"], proof=phone.for_token())
    assert owners.status_code == 200
    # Nor inside the minute in which the owner may ask again.
    assert (await world.refresh(tokens["refresh_token"], proof=thief.for_token())).status_code == 400
    again = await world.refresh(tokens["refresh_token"], proof=phone.for_token())
    assert (again.status_code, again.json()["token_type"]) == (200, "DPoP")
    assert (await world.refresh(again.json()["refresh_token"], proof=phone.for_token())).status_code == 200


@pytest.mark.proves("SEC-30")
async def test_a_thief_adds_no_key_to_a_session_without_one(world: World) -> None:
    tokens, thief = await world.sign_in(), world.phone()
    stolen = (await world.refresh(tokens["refresh_token"], proof=thief.for_token())).json()
    assert stolen["token_type"] == "Bearer"
    assert (await world.refresh(stolen["refresh_token"])).status_code == 200


@pytest.mark.proves("SEC-32")
async def test_whoever_signs_out_need_not_prove_the_key_of_the_session(world: World) -> None:
    phone = world.phone()
    tokens = await world.sign_in(phone=phone)
    await world.post("/oauth/revoke", token=tokens["refresh_token"], client_id="app")
    assert (await world.refresh(tokens["refresh_token"], proof=phone.for_token())).json()["error"] == "invalid_grant"


async def test_a_bad_proof_at_the_token_endpoint_is_said_in_oauths_words_and_burns_nothing(world: World) -> None:
    phone = world.phone()
    async with world.browser() as browser:
        code = (await browser.code())["code"]
        for bad in (
            phone.proof("GET", "/oauth/token"),
            phone.proof("POST", "/v1/me"),
            "x",
            phone.proof("POST", "/oauth/token", iat=1),
        ):
            answer = await browser.redeem(code, proof=bad)
            assert (answer.status_code, answer.json()["error"]) == (400, "invalid_dpop_proof")
        used = phone.for_token()
        assert (await browser.redeem(code, proof=used)).status_code == 200
        assert (await browser.redeem(code, proof=used)).json()["error"] == "invalid_dpop_proof"


async def test_a_system_may_bind_its_token_too(world: World) -> None:
    system = world.phone()
    answer = (await world.system_token(proof=system.for_token())).json()
    assert answer["token_type"] == "DPoP"
    token = answer["access_token"]
    assert (await world.me(token)).json()["code"] == "token_needs_proof"
    assert (await world.me(token, scheme="DPoP", proof=system.proof("GET", "/v1/me", token))).status_code == 200
    assert (await world.system_token()).json()["token_type"] == "Bearer"


@pytest.fixture
def strict_world(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """Where no app may do without a key, and proofs carry nonces."""
    strict = msgspec.structs.replace(world.config, bearer_tokens="systems", dpop_nonce=True)
    for auth in (world.auth, world.other):
        monkeypatch.setattr(auth.proofs, "nonces", Nonces(strict.key_secret, world.clock))
        for part in (auth.middleware, auth.proven_endpoint):
            monkeypatch.setattr(part, "_config", strict)
    return world


@pytest.mark.proves("SEC-25")
async def test_where_nonces_are_wanted_the_phone_learns_the_next_with_every_answer(strict_world: World) -> None:
    world, phone = strict_world, strict_world.phone()
    async with world.browser() as browser:
        code = (await browser.code())["code"]
        asked = await browser.redeem(code, proof=phone.for_token())
        assert (asked.status_code, asked.json()["error"]) == (400, "use_dpop_nonce")
        phone.nonce = asked.headers["dpop-nonce"]
        tokens = await browser.redeem(code, proof=phone.for_token())
    assert tokens.status_code == 200
    token, phone.nonce = tokens.json()["access_token"], None
    asked = await world.me(token, scheme="DPoP", proof=phone.proof("GET", "/v1/me", token))
    assert (asked.status_code, asked.json()["code"]) == (401, "proof_nonce_missing")
    assert asked.headers["www-authenticate"] == f'DPoP error="use_dpop_nonce", {ALGS}'
    phone.nonce = asked.headers["dpop-nonce"]
    answer = await world.me(token, scheme="DPoP", proof=phone.proof("GET", "/v1/me", token))
    assert (answer.status_code, answer.headers["dpop-nonce"]) == (200, phone.nonce)
    # Another process takes it as well.
    assert world.other.proofs.nonces is not None
    assert world.other.proofs.nonces.accept(phone.nonce)


@pytest.mark.proves("SEC-25")
async def test_a_nonce_replaces_the_phones_clock_and_grows_old(strict_world: World) -> None:
    world, phone = strict_world, strict_world.phone()
    nonces = world.auth.proofs.nonces
    assert nonces is not None
    phone.nonce = nonces.current()
    token = (await world.sign_in(phone=phone))["access_token"]
    wrong_clock = phone.proof("GET", "/v1/me", token, iat=1)
    assert (await world.me(token, scheme="DPoP", proof=wrong_clock)).status_code == 200
    assert_proof_refused(await world.me(token, scheme="DPoP", proof=wrong_clock), "used")
    for forged in ("x", phone.nonce[:-1] + "!", 1, None):
        phone_says = phone.proof("GET", "/v1/me", token, nonce=forged)
        assert (await world.me(token, scheme="DPoP", proof=phone_says)).json()["code"] == "proof_nonce_missing"
    old = phone.nonce
    world.clock.advance(timedelta(minutes=5))
    assert nonces.accept(old)
    world.clock.advance(timedelta(minutes=5))
    assert not nonces.accept(old)


@pytest.mark.proves("SEC-23")
async def test_where_no_bearer_tokens_are_wanted_an_app_without_a_proof_gets_none(strict_world: World) -> None:
    world = strict_world
    async with world.browser() as browser:
        refused = await browser.redeem((await browser.code())["code"])
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_dpop_proof")
    assert (await world.system_token()).json()["token_type"] == "Bearer"
