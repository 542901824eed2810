"""Who vouches for an app, and what becomes of one nobody vouches for. The cases are those of GOV.UK's app (security.md 7)."""

from datetime import UTC, datetime
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey

from auth.attestation import Attestation, Mode
from auth.config import AppClient, AuthConfig
from auth.providers.app_check import KeyedAppCheck

pytestmark = [pytest.mark.anyio, pytest.mark.proves("SEC-66")]

NOW = int(datetime(2026, 7, 1, tzinfo=UTC).timestamp())
KEY = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, auto_kid=True)
APP = "1:123:android:abc"
CHECK = KeyedAppCheck(KeySet([KEY]).as_dict(private=False), "123", now=lambda: NOW)


def token(key: Any = KEY, header: dict[str, Any] | None = None, **claims: Any) -> str:
    said = {
        "iss": "https://firebaseappcheck.googleapis.com/123",
        "aud": ["projects/123", "projects/camau"],
        "sub": APP,
        "iat": NOW,
        "exp": NOW + 3600,
        **claims,
    }
    shown = {"alg": "RS256", "kid": KEY.kid, "typ": "JWT", **(header or {})}
    shown, said = ({n: v for n, v in part.items() if v is not None} for part in (shown, said))
    return jwt.encode(shown, said, key, algorithms=[shown["alg"]], default_type=None)


async def test_a_good_token_names_its_app() -> None:
    assert await CHECK.app_of(token()) == APP


@pytest.mark.parametrize(
    "bent",
    [
        {"exp": NOW - 1},
        {"exp": None},
        {"iat": NOW + 60},
        {"iss": "https://firebaseappcheck.googleapis.com/456"},
        {"iss": None},
        {"aud": ["projects/456"]},
        {"aud": None},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"header": {"kid": None}},
        {"header": {"kid": "../../etc/passwd"}},
        {"header": {"typ": None}},
        {"header": {"typ": "at+jwt"}},
        {"header": {"alg": "ES256"}, "key": ECKey.generate_key("P-256")},
        {"header": {"alg": "HS256"}, "key": OctKey.generate_key(256)},
        {"key": RSAKey.generate_key(2048)},
    ],
    ids=lambda bent: str({name: type(value).__name__ if name == "key" else value for name, value in bent.items()}),
)
async def test_a_token_with_one_thing_wrong_vouches_for_nobody(bent: dict[str, Any]) -> None:
    assert await CHECK.app_of(token(**bent)) is None


async def test_what_is_no_token_vouches_for_nobody() -> None:
    for broken in ("", "x", "a.b.c", token()[:-4] + "AAAA", token() + "x" * 9_000):
        assert await CHECK.app_of(broken) is None


def attestation(mode: Mode) -> Attestation:
    apps = (
        AppClient(client_id="app", name="App", redirect_uris=("https://a.example/cb",), attested_as=(APP,)),
        AppClient(client_id="web", name="Web", redirect_uris=("https://w.example/cb",)),
    )
    config = AuthConfig(issuer="https://x.example", key_secret=b"k" * 32, providers=(), app_clients=apps)
    return Attestation(config, CHECK, mode)


@pytest.mark.parametrize(("mode", "goes_on"), [("off", True), ("observe", True), ("enforce", False)])
async def test_an_app_nobody_vouches_for_is_refused_only_where_that_is_enforced(mode: Mode, goes_on: bool) -> None:
    for bad in (None, "", "x", token(sub="1:123:android:another")):
        assert bool(await attestation(mode).doubt("app", bad)) is (mode != "off")
    assert attestation(mode).refuses is not goes_on
    assert not await attestation(mode).doubt("app", token())
    # A browser app has nobody to vouch for it, a system proves a key.
    assert not await attestation(mode).doubt("web", None)
    assert not await attestation(mode).doubt("one-stop", None)
