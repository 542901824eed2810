"""What a provider signs: the ID token and the logout token, and the claims in them. Pure: time and keys are arguments."""

import base64
import hashlib
import json
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from backend.dev.providers.grants import Grant, SignIn
from backend.dev.providers.keys import SigningKeys
from backend.dev.providers.profile import Profile

ID_TOKEN_LIFETIME = timedelta(minutes=5)
# OpenID Connect Back-Channel Logout 1.0, 2.4: "preferably at most two minutes in the future".
LOGOUT_TOKEN_LIFETIME = timedelta(minutes=2)
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
STRANGER = "https://stranger.example"


def id_token_claims(issuer: str, profile: Profile, grant: Grant, access_token: str, now: datetime) -> dict[str, Any]:
    """OpenID Connect Core, 2."""
    person, issued_at = grant.sign_in.person, int(now.timestamp())
    claims: dict[str, Any] = {
        "iss": issuer,
        "sub": person.subject,
        "aud": grant.request.client.client_id,
        "iat": issued_at,
        "exp": issued_at + int(ID_TOKEN_LIFETIME.total_seconds()),
        "auth_time": int(grant.sign_in.at.timestamp()),
        "acr": profile.acr(person),
        "amr": profile.amr(person),
        "sid": grant.sign_in.sid,
        "at_hash": left_half(access_token),
    }
    if grant.request.nonce is not None:
        claims["nonce"] = grant.request.nonce
    if profile.identity_in_id_token:
        claims |= profile.claims(person, grant.request.scope)
    return claims


def broken(claims: dict[str, Any], breaks: Collection[str]) -> dict[str, Any]:
    """The same claims with the faults that were asked for."""
    wrong = {
        "issuer": {"iss": STRANGER},
        "audience": {"aud": "another-client"},
        "nonce": {"nonce": secrets.token_urlsafe(16)},
        "atHash": {"at_hash": left_half("another access token")},
        "authTime": {"auth_time": claims["auth_time"] - 3600},
        "expiry": {"iat": claims["iat"] - 7200, "exp": claims["iat"] - 3600},
    }
    for name in breaks:
        claims |= wrong.get(name, {})
    return claims


def sign_id_token(keys: SigningKeys, claims: dict[str, Any], breaks: Collection[str]) -> str:
    """The signed ID token, or one that only looks like it."""
    if "none" in breaks:
        return f"{_segment({'alg': 'none', 'typ': 'JWT'})}.{_segment(claims)}."
    return keys.sign(claims, stranger="signature" in breaks, stranger_kid="kid" in breaks)


def logout_token_claims(issuer: str, sign_in: SignIn, client_id: str, now: datetime) -> dict[str, Any]:
    """Back-Channel Logout 1.0, 2.4. A nonce is forbidden there, so that it can never pass for an ID token."""
    issued_at = int(now.timestamp())
    return {
        "iss": issuer,
        "sub": sign_in.person.subject,
        "aud": client_id,
        "iat": issued_at,
        "exp": issued_at + int(LOGOUT_TOKEN_LIFETIME.total_seconds()),
        "jti": secrets.token_urlsafe(16),
        "sid": sign_in.sid,
        "events": {LOGOUT_EVENT: {}},
    }


def left_half(access_token: str) -> str:
    """`at_hash`: the left half of the SHA-256 hash (Core, 3.1.3.6); ES256 and RS256 both hash with SHA-256."""
    digest = hashlib.sha256(access_token.encode()).digest()
    return base64.urlsafe_b64encode(digest[:16]).rstrip(b"=").decode()


def _segment(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()
