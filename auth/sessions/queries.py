"""What people see of themselves: their name, and the sessions they have open, read straight into views."""

from auth.config import AuthConfig
from auth.documents import Person, Session
from auth.sessions.schemas import SessionView
from kernel.clock import Clock
from kernel.mongo.client import Database
from kernel.principal import Principal
from kernel.privacy.field import Sealed

# Nobody has as many devices; a page that needs no cursor.
MAX_SHOWN = 100


class OpenSessions:
    """The living sessions of people."""

    def __init__(self, db: Database, config: AuthConfig, clock: Clock) -> None:
        self._sessions, self._clock = db[Session.Settings.name], clock
        self._apps: dict[str, str] = {client.client_id: client.name for client in config.app_clients}

    async def of(self, caller: Principal) -> list[SessionView]:
        """The caller's, newest first."""
        alive = {"activated_at": {"$exists": True}, "ended_at": {"$exists": False}, "expires_at": {"$gt": self._clock.now()}}
        found = self._sessions.find({"person_id": caller.id, **alive}).sort("created_at", -1).limit(MAX_SHOWN)
        return [
            SessionView.of(row, self._apps.get(row["client_id"], ""), current=row["_id"] == caller.session_id)
            async for row in found
        ]

    async def name(self, caller: Principal, session_id: str, label: str) -> bool:
        """Call a session so, or nothing when `label` is empty; whether it is the caller's, and open."""
        mine = {"_id": {"$eq": session_id}, "person_id": caller.id, "ended_at": {"$exists": False}}
        change = {"$set": {"label": label}} if label else {"$unset": {"label": ""}}
        return bool((await self._sessions.update_one(mine, change)).matched_count)

    async def has(self, caller: Principal, session_id: str) -> bool:
        """Whether this session is the caller's, and open."""
        mine = {"_id": session_id, "person_id": caller.id, "ended_at": {"$exists": False}}
        return await self._sessions.count_documents(mine, limit=1) > 0


async def name_of(person_id: str) -> str:
    """A citizen's name, opened for themselves; empty where there is none."""
    person = await Person.get(person_id)
    if person is None or person.name is None:
        return ""
    assert isinstance(person.name, Sealed)
    assert Person.vault
    opened = await Person.vault.open_one(person.name)
    return opened if isinstance(opened, str) else ""
