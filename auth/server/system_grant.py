"""A source system gets a token for itself: client_credentials, proven with a private key (RFC 7523, section 3)."""

from datetime import timedelta
from typing import Any

from authlib.oauth2.rfc6749 import InvalidClientError
from authlib.oauth2.rfc6749.grants import ClientCredentialsGrant
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from auth.server.clients import System
from auth.server.public_keys import ALGORITHMS
from auth.spent import SpentTokens
from kernel.clock import Clock

LEEWAY = timedelta(seconds=30)
# An assertion is made for one request. One that lives longer is a password in disguise, and would have to be remembered as long.
LONGEST_LIFE = timedelta(minutes=10)


class SystemGrant(ClientCredentialsGrant):
    """Only for clients that prove a key (SEC-05)."""

    TOKEN_ENDPOINT_AUTH_METHODS = ["private_key_jwt"]

    def generate_token(self, scope: str | None = None, **_: Any) -> dict[str, Any]:
        """Bound to the key the system has proven, if any: Authlib's own way has no place for it."""
        made: dict[str, Any] = self.server.make_token(client=self.request.client, scope=scope, jkt=self.request.jkt)
        return made


class ClientAssertion(JWTBearerClientAssertion):
    """The check of an assertion: signature, whom it is about and for, its time, and that it comes once."""

    CLIENT_AUTH_METHOD = "private_key_jwt"

    def __init__(self, issuer: str, spent: SpentTokens, clock: Clock) -> None:
        super().__init__()
        # RFC 7523 allows either; the audience a client copies from our metadata is one of them.
        self._audiences = [issuer, f"{issuer}/oauth/token", f"{issuer}/oauth/introspect"]
        self._spent, self._clock = spent, clock

    def resolve_client_public_key(self, client: System) -> KeySet:
        if not isinstance(client, System):
            raise InvalidClientError(description="This client cannot authenticate with a key.")
        return client.keys

    def process_assertion_claims(self, assertion: str, resolve_key: KeySet) -> dict[str, Any]:
        now = int(self._clock.now().timestamp())
        registry = jwt.JWTClaimsRegistry(
            now=now,
            leeway=int(LEEWAY.total_seconds()),
            iss={"essential": True},
            sub={"essential": True},
            aud={"essential": True, "values": self._audiences},
            exp={"essential": True},
            jti={"essential": True},
        )
        try:
            token = jwt.decode(assertion, resolve_key, algorithms=ALGORITHMS)
            registry.validate(token.claims)
        except (JoseError, ValueError, RecursionError) as refused:
            raise InvalidClientError(description="The client assertion did not pass our checks.") from refused
        claims = token.claims
        if claims["iss"] != claims["sub"] or claims["exp"] > now + LONGEST_LIFE.total_seconds():
            raise InvalidClientError(description="The client assertion must be about its issuer and live ten minutes at most.")
        if not self._spent.spend(claims["iss"], claims["jti"], until=self._clock.now() + LONGEST_LIFE + 2 * LEEWAY):
            raise InvalidClientError(description="The client assertion has been used before.")
        return claims
