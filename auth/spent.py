"""Signed statements that count once: a system's client assertion, a provider's logout token, a phone's proof of its key.

The database decides who was first.
"""

from datetime import datetime
from typing import Any

from pymongo import WriteConcern
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from auth.documents import SpentToken
from auth.opaque import digest
from kernel.mongo.client import Database as AsyncDatabase


class SpentTokens:
    """What has been used, for as long as it could be used again. For worker threads."""

    def __init__(self, db: Database[dict[str, Any]]) -> None:
        self._spent = db[SpentToken.Settings.name]

    def spend(self, issuer: str, token_id: str, *, until: datetime) -> bool:
        """Whether this is the first use of `issuer`'s `jti`; it is remembered `until` then, when the token has expired."""
        try:
            self._spent.insert_one(_row(issuer, token_id, until))
        except DuplicateKeyError:
            return False
        return True


class SpentProofs:
    """The same for proofs of possession, which come with every change: on the event loop, and acknowledged by one server.

    Should that server die within the proof's minute before another has copied the row, the proof could be brought once more. It
    would have to be stolen in that minute together with its token; waiting for the majority every time is not worth that.
    """

    def __init__(self, db: AsyncDatabase) -> None:
        self._spent = db[SpentToken.Settings.name].with_options(write_concern=WriteConcern(w=1))

    async def spend(self, thumbprint: str, jti: str, *, until: datetime) -> bool:
        """Whether this is the first use of a `jti` by the holder of this key."""
        try:
            await self._spent.insert_one(_row(thumbprint, jti, until))
        except DuplicateKeyError:
            return False
        return True


def _row(issuer: str, token_id: str, until: datetime) -> dict[str, Any]:
    return {"_id": digest(f"{issuer} {token_id}"), "version": 1, "expires_at": until}
