"""Who may ask a provider: the registered clients, and how one proves at the token endpoint that it is who it says."""

import base64
import binascii
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast
from urllib.parse import unquote_plus

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, KeySetSerialization

from backend.dev.providers.errors import OAuthError

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ASSERTION_ALGORITHMS = ["ES256", "RS256", "PS256"]
AUTH_METHODS = ["client_secret_basic", "client_secret_post", "private_key_jwt"]


@dataclass(frozen=True, slots=True)
class Client:
    """One relying party. It has a `secret`, or public keys (`jwks`) for private_key_jwt."""

    client_id: str
    redirect_uris: tuple[str, ...]
    secret: str | None = None
    jwks: dict[str, Any] | None = None
    post_logout_redirect_uris: tuple[str, ...] = ()
    backchannel_logout_uri: str | None = None


@dataclass(slots=True)
class Clients:
    """The registered clients, and the assertions they have used up."""

    registered: Mapping[str, Client]
    seen_assertions: dict[str, int] = field(default_factory=dict)

    def authenticate(self, authorization: str | None, form: Mapping[str, str], audiences: list[str], now: datetime) -> Client:
        """Which client this token request comes from.

        Raises:
            OAuthError: `invalid_client`, always with 401 (RFC 6749, 5.2).
        """
        if form.get("client_assertion_type") == ASSERTION_TYPE:
            return self._by_assertion(form.get("client_assertion", ""), audiences, int(now.timestamp()))
        client_id, secret = _basic(authorization) if authorization else (form.get("client_id", ""), form.get("client_secret", ""))
        client = self.registered.get(client_id)
        if client is None or client.secret is None or not hmac.compare_digest(client.secret, secret):
            raise OAuthError("invalid_client", "unknown client or wrong secret", 401)
        return client

    def _by_assertion(self, assertion: str, audiences: list[str], now: int) -> Client:
        """RFC 7523, 3: signed by the client, about itself, for us, short-lived, used once."""
        try:
            client = self.registered[str(_unverified_issuer(assertion))]
            keys = KeySet.import_key_set(cast("KeySetSerialization", client.jwks or {"keys": []}))
            claims = jwt.decode(assertion, keys, algorithms=ASSERTION_ALGORITHMS).claims
            jwt.JWTClaimsRegistry(
                now=now,
                leeway=30,
                iss={"essential": True, "value": client.client_id},
                sub={"essential": True, "value": client.client_id},
                aud={"essential": True, "values": audiences},
                exp={"essential": True},
                jti={"essential": True},
            ).validate(claims)
        except (JoseError, KeyError, ValueError) as error:
            raise OAuthError("invalid_client", f"client assertion refused: {error}", 401) from error
        self.seen_assertions = {jti: exp for jti, exp in self.seen_assertions.items() if exp > now}
        if claims["jti"] in self.seen_assertions:
            raise OAuthError("invalid_client", "client assertion used before", 401)
        self.seen_assertions[claims["jti"]] = claims["exp"] + 30
        return client


def _basic(authorization: str) -> tuple[str, str]:
    """RFC 6749, 2.3.1: both halves are form-encoded before they are joined."""
    scheme, _, credentials = authorization.partition(" ")
    try:
        client_id, colon, secret = base64.b64decode(credentials, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        colon = ""
    if scheme.lower() != "basic" or not colon:
        raise OAuthError("invalid_client", "malformed Authorization header", 401)
    return unquote_plus(client_id), unquote_plus(secret)


def _unverified_issuer(assertion: str) -> object:
    """Which client's keys to verify with; nothing else is believed before the signature."""
    return json.loads(jws.extract_compact(assertion.encode()).payload)["iss"]
