"""The service account a sender signs in with, and the access tokens it gets for that (RFC 7523 as Google speaks it)."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

GRANT_TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer"
TOKEN_LIFETIME = timedelta(hours=1)
# google-auth names Google's own address as the audience whatever `token_uri` says.
GOOGLE_TOKEN_ENDPOINT = "https://oauth2.googleapis.com/token"
LEEWAY_SECONDS = 60


class GrantRefused(Exception):
    """The assertion is not good for a token; the message is Google's."""


class ServiceAccount:
    """One project's account, with a key made when the simulator starts."""

    def __init__(self, base_url: str, project: str) -> None:
        self.email = f"simulator@{project}.iam.gserviceaccount.com"
        self.project = project
        self.token_uri = f"{base_url}/token"
        self._key = RSAKey.generate_key(2048, auto_kid=True)
        self._tokens: dict[str, datetime] = {}

    def file(self) -> dict[str, str]:
        """The JSON file that Google's console would hand out."""
        return {
            "type": "service_account",
            "project_id": self.project,
            "private_key_id": str(self._key.kid),
            "private_key": self._key.as_pem(private=True).decode(),
            "client_email": self.email,
            "client_id": "100000000000000000000",
            "token_uri": self.token_uri,
            "universe_domain": "googleapis.com",
        }

    def issue(self, grant_type: str, assertion: str, now: datetime) -> dict[str, Any]:
        """An access token for a signed assertion.

        Raises:
            GrantRefused: it is not ours, not for us, or expired.
        """
        if grant_type != GRANT_TYPE:
            raise GrantRefused("Invalid grant_type")
        try:
            claims = jwt.decode(assertion, self._key, algorithms=["RS256"]).claims
            jwt.JWTClaimsRegistry(
                now=int(now.timestamp()),
                leeway=LEEWAY_SECONDS,
                iss={"essential": True, "value": self.email},
                aud={"essential": True, "values": [self.token_uri, GOOGLE_TOKEN_ENDPOINT]},
                exp={"essential": True},
                iat={"essential": True},
                scope={"essential": True},
            ).validate(claims)
        except (JoseError, ValueError) as error:
            raise GrantRefused(f"Invalid JWT: {error}") from error
        token = f"ya29.simulated-{secrets.token_urlsafe(48)}"
        self._tokens = {known: until for known, until in self._tokens.items() if until > now} | {token: now + TOKEN_LIFETIME}
        return {"access_token": token, "expires_in": int(TOKEN_LIFETIME.total_seconds()), "token_type": "Bearer"}

    def accepts(self, authorization: str | None, now: datetime) -> bool:
        """Whether a request carries a token that is still good."""
        scheme, _, token = (authorization or "").partition(" ")
        return scheme.lower() == "bearer" and token in self._tokens and now < self._tokens[token]
