"""Signed statements that count once: a system's client assertion, a provider's logout token. The database decides who was first."""

from datetime import datetime
from typing import Any

from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from auth.documents import SpentToken
from auth.opaque import digest


class SpentTokens:
    """What has been used, for as long as it could be used again. For worker threads."""

    def __init__(self, db: Database[dict[str, Any]]) -> None:
        self._spent = db[SpentToken.Settings.name]

    def spend(self, issuer: str, token_id: str, *, until: datetime) -> bool:
        """Whether this is the first use of `issuer`'s `jti`; it is remembered `until` then, when the token has expired."""
        try:
            self._spent.insert_one({"_id": digest(f"{issuer} {token_id}"), "version": 1, "expires_at": until})
        except DuplicateKeyError:
            return False
        return True
