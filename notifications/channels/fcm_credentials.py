"""How we sign in to Firebase: with the one scope a push needs, and asking nobody but the token endpoint of the key file."""

from collections.abc import Mapping
from typing import Any

from firebase_admin import credentials
from google.oauth2 import service_account

SCOPE = "https://www.googleapis.com/auth/firebase.messaging"


class _NoLookUps(service_account.Credentials):
    """google-auth also asks a second host of Google's for a "regional access boundary"; ours are few and named (SEC-81)."""

    def _maybe_start_regional_access_boundary_refresh(self, _request: Any, _url: Any) -> None:
        return


class ServiceAccount(credentials.Base):
    """Credentials for firebase-admin from a parsed service-account file."""

    def __init__(self, account: Mapping[str, Any]) -> None:
        self._credential: service_account.Credentials = _NoLookUps.from_service_account_info(dict(account), scopes=[SCOPE])

    def get_credential(self) -> service_account.Credentials:
        """What firebase-admin signs its requests with."""
        return self._credential
