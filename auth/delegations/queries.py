"""What a citizen sees of who may act for them: waiting for a helper, at it, or over."""

from auth.documents import Delegation, Session
from kernel.clock import Clock
from kernel.mongo.client import Database
from kernel.mongo.reads import Row
from kernel.principal import Principal

MAX_SHOWN = 100
WAITING, ACTIVE, OVER = "waiting", "active", "over"


class GivenPermissions:
    """The permissions of citizens, each with the session that came of it."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._given, self._sessions, self._clock = db[Delegation.Settings.name], db[Session.Settings.name], clock

    async def of(self, caller: Principal) -> list[Row]:
        """The caller's, newest first, with `state`, `expires_at` and `ended_at`."""
        rows = await self._given.find({"person_id": caller.id}).sort("created_at", -1).limit(MAX_SHOWN).to_list()
        ids = {"_id": {"$in": [row["_id"] for row in rows]}}
        known = {row["_id"]: row async for row in self._sessions.find(ids, {"expires_at": 1, "ended_at": 1, "last_seen_at": 1})}
        return [self._with_state(row, known.get(row["_id"], {})) for row in rows]

    def _with_state(self, row: Row, session: Row) -> Row:
        now = self._clock.now()
        if "taken_up_at" not in row:
            return {**row, "state": WAITING if row["code_expires_at"] > now else OVER}
        state = ACTIVE if session and "ended_at" not in session and session["expires_at"] > now else OVER
        return {**row, **{name: session[name] for name in ("expires_at", "ended_at") if name in session}, "state": state}
