"""What a new session means for the person's others: it takes the place of one, is one too many, or is news (SEC-35).

On a worker thread, after the session has got its life. Should the process die in between, the next sign-in does the rest.
"""

from datetime import datetime
from typing import Any

from pymongo.database import Database

from auth.documents import Session
from auth.events import NewDevice
from auth.lifetimes import MOST_SESSIONS
from auth.sessions.families import Families
from kernel.clock import Clock
from kernel.events import encode

Row = dict[str, Any]
REPLACED, TOO_MANY = "replaced", "too_many_sessions"


class Arrivals:
    """The look at a person's sessions when one has been added."""

    def __init__(self, db: Database[Row], families: Families, clock: Clock) -> None:
        self._sessions, self._families, self._clock = db[Session.Settings.name], families, clock

    def settle(self, session: Row) -> None:
        """End the session this one replaces, then the longest unused beyond what is allowed; tell of a device never seen."""
        now = self._clock.now()
        known = list(
            self._sessions.find(
                {"person_id": session["person_id"], "activated_at": {"$exists": True}, "helper": {"$exists": False}}
            )
        )
        others = [row for row in known if row["_id"] != session["_id"]]
        if others and not any(_same_device(row, session) for row in others):
            event = encode(NewDevice(at=now, session_id=session["_id"]))
            self._sessions.update_one({"_id": session["_id"]}, {"$push": {"outbox": event}})
        living = [row for row in others if _lives(row, now)]
        # Only a key says for certain that it is the same phone; two browsers of one make say the same of themselves.
        replaced = [row for row in living if "jkt" in session and _same_device(row, session)]
        for row in replaced:
            self._families.end(row["_id"], REPLACED, successor=session["_id"])
        rest = sorted((row for row in living if row not in replaced), key=lambda row: (row["last_seen_at"], row["_id"]))
        too_many = len(rest) + 1 - MOST_SESSIONS[session["kind"]]
        for row in rest[: max(too_many, 0)]:
            self._families.end(row["_id"], TOO_MANY)


def _lives(session: Row, now: datetime) -> bool:
    return "ended_at" not in session and bool(session["expires_at"] > now)


def _same_device(one: Row, other: Row) -> bool:
    """The same key; without keys the same app on what calls itself the same."""
    if "jkt" in one or "jkt" in other:
        return bool(one.get("jkt") == other.get("jkt"))
    return bool((one["client_id"], one.get("device")) == (other["client_id"], other.get("device")))
