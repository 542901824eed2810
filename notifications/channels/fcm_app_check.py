"""Firebase App Check: Google vouches that a request comes from our app on a real phone (SEC-66).

It stands here because this folder is the one door to firebase_admin; what it answers is for auth, which asks through a port of its
own. The library fetches keys with a blocking call, so it works in a thread.
"""

from typing import Any

import firebase_admin
import structlog
from anyio.to_thread import run_sync
from firebase_admin import app_check, credentials

log = structlog.get_logger(__name__)


class FirebaseAppCheck:
    """App Check of one Firebase project."""

    def __init__(self, account: dict[str, Any]) -> None:
        self._account = account
        self._app: firebase_admin.App | None = None

    async def app_of(self, token: str) -> str | None:
        """The id of the app the token vouches for; None when it is not good, or its keys cannot be had."""
        try:
            claims = await run_sync(self._verified, token)
        except Exception as refused:  # noqa: BLE001 - the library lets the errors of its own libraries through; none vouches for an app
            log.info("app_check.refused", error=type(refused).__name__)
            return None
        return str(claims["app_id"]) if claims.get("app_id") else None

    def _verified(self, token: str) -> dict[str, Any]:
        if self._app is None:
            self._app = firebase_admin.initialize_app(credentials.Certificate(self._account), name="app-check")
        claims: dict[str, Any] = app_check.verify_token(token, app=self._app)
        return claims
