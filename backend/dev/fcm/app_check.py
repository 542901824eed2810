"""App Check of the simulated project: a debug build's token for one that vouches for the app (SEC-66).

Shape and claims are Firebase's: `exchangeDebugToken` (REST v1), RS256, `iss` and `aud` of the project, the app's id as `sub`.
"""

import secrets
from datetime import datetime, timedelta
from typing import Any

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

PROJECT_NUMBER = "812345678901"
APP_ID = f"1:{PROJECT_NUMBER}:android:5f0c1a2b3d4e5f60718293"
ISSUER = "https://firebaseappcheck.googleapis.com/"
TTL = timedelta(hours=1)


class AppCheck:
    """One project's app, with a key made when the simulator starts; `debug_token` is the one its console knows."""

    def __init__(self, project: str, debug_token: str) -> None:
        self._project, self._debug_token = project, debug_token
        self._key = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, auto_kid=True)

    @property
    def jwks(self) -> dict[str, Any]:
        """The public half, as Firebase publishes its own."""
        return dict(KeySet([self._key]).as_dict(private=False))

    def keys_file(self) -> dict[str, Any]:
        """What `MOTCUA_APP_CHECK_KEYS` names."""
        return {"project_number": PROJECT_NUMBER, "jwks": self.jwks}

    def exchange(self, project: str, app_id: str, debug_token: str, now: datetime) -> dict[str, str] | None:
        """A token that vouches for the app; None when the console does not know this debug token, project or app."""
        right = secrets.compare_digest(debug_token.encode(), self._debug_token.encode())
        if not right or project not in {PROJECT_NUMBER, self._project} or app_id != APP_ID:
            return None
        issued_at = int(now.timestamp())
        claims = {
            "iss": ISSUER + PROJECT_NUMBER,
            "aud": [f"projects/{PROJECT_NUMBER}", f"projects/{self._project}"],
            "sub": app_id,
            "iat": issued_at,
            "exp": issued_at + int(TTL.total_seconds()),
        }
        header = {"alg": "RS256", "kid": self._key.kid, "typ": "JWT"}
        return {"token": jwt.encode(header, claims, self._key), "ttl": f"{int(TTL.total_seconds())}s"}
