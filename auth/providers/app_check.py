"""App attestation with keys that are configured: those of a simulator in development (SEC-66)."""

import time
from collections.abc import Callable, Mapping
from typing import Any, cast

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, KeySetSerialization
from joserfc.jws import JWSRegistry, extract_compact

ALGORITHM = "RS256"
MAX_LENGTH = 8192
ISSUER = "https://firebaseappcheck.googleapis.com/"


class KeyedAppCheck:
    """The checks Firebase asks of App Check tokens: RS256, typ JWT, issuer and audience of the project, time, an app id."""

    def __init__(self, jwks: Mapping[str, Any], project_number: str, now: Callable[[], float] = time.time) -> None:
        self._keys = KeySet.import_key_set(cast("KeySetSerialization", jwks))
        self._issuer, self._audience = ISSUER + project_number, f"projects/{project_number}"
        self._now = now

    async def app_of(self, token: str) -> str | None:
        """The id of the app, or None."""
        if len(token) > MAX_LENGTH:
            return None
        try:
            header = extract_compact(token.encode()).headers()
            known = {key.kid for key in self._keys.keys}
            if header.get("typ") != "JWT" or header.get("alg") != ALGORITHM or header.get("kid") not in known:
                return None
            claims = jwt.decode(token, self._keys, registry=JWSRegistry(algorithms=[ALGORITHM])).claims
            jwt.JWTClaimsRegistry(
                now=int(self._now()),
                iss={"essential": True, "value": self._issuer},
                aud={"essential": True, "values": [self._audience]},
                sub={"essential": True},
                exp={"essential": True},
                iat={"essential": True},
            ).validate(claims)
        except (JoseError, ValueError, TypeError, RecursionError):
            return None
        app = claims["sub"]
        return app if isinstance(app, str) and app else None
