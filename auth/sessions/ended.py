"""Which sessions have ended while access tokens of theirs may still be about (SEC-32).

An access token is checked without asking the database, so every process keeps the `sid`s that ended lately. They come from the
sessions themselves, once a second; an entry is dropped when the last token it could concern has expired.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from auth.documents import Session
from auth.lifetimes import LONGEST_ACCESS_TOKEN
from kernel.clock import Clock
from kernel.mongo.client import Database

# Processes' clocks differ, and a write may become visible a moment after the time it carries.
OVERLAP = timedelta(seconds=30)


class EndedSessions:
    """The sessions ended lately, as this process knows them."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._sessions, self._clock = db[Session.Settings.name], clock
        self._ended: dict[str, datetime] = {}
        self._seen_until: datetime | None = None

    def __contains__(self, session_id: str) -> bool:
        return session_id in self._ended

    def add(self, session_ids: Iterable[str]) -> None:
        """This process has ended them itself and need not wait to hear of it."""
        now = self._clock.now()
        self._ended.update(dict.fromkeys(session_ids, now))

    async def refresh(self) -> None:
        """Learn of what ended since the last look, forget what no longer matters."""
        now = self._clock.now()
        horizon = now - LONGEST_ACCESS_TOKEN - OVERLAP
        since = max(horizon, self._seen_until - OVERLAP) if self._seen_until else horizon
        query: dict[str, Any] = {"ended_at": {"$exists": True, "$gte": since}}
        async for session in self._sessions.find(query, {"ended_at": 1}):
            self._ended[session["_id"]] = session["ended_at"]
        self._seen_until = now
        # A copy first: worker threads add while we look.
        for session_id, ended_at in list(self._ended.items()):
            if ended_at < horizon:
                del self._ended[session_id]
