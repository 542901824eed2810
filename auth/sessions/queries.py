"""What people see of themselves: their name, and the sessions they have open, read straight into views."""

from bson.codec_options import CodecOptions

from auth.config import AuthConfig
from auth.documents import Person, Session
from auth.sessions.schemas import SessionView
from kernel.audit import Change, changed
from kernel.clock import Clock
from kernel.http.conditional import Marks
from kernel.mongo.client import Database
from kernel.mongo.reads import Fields, Reads, Row
from kernel.principal import Principal
from kernel.privacy.field import TYPES, Plain

SEALED: CodecOptions[Row] = CodecOptions(tz_aware=True, type_registry=TYPES)
# Nobody has as many devices; a page that needs no cursor.
MAX_SHOWN = 100
# A session's times move on by statements of their own.
MARKS = Marks(
    {"version": 1, "last_seen_at": 1, "expires_at": 1},
    lambda row: (row["last_seen_at"], row["expires_at"]),
)


class OpenSessions:
    """The living sessions of people."""

    def __init__(self, db: Database, config: AuthConfig, clock: Clock) -> None:
        self._sessions, self._clock = db.get_collection(Session.Settings.name, SEALED), clock
        self._apps: dict[str, str] = {client.client_id: client.name for client in config.app_clients}

    async def of(self, caller: Principal, shown: Fields | None = None) -> tuple[list[Row], None]:
        """The caller's, newest first, or the fields of them that are to be `shown`; there is no second page."""
        alive = {"activated_at": {"$exists": True}, "ended_at": {"$exists": False}, "expires_at": {"$gt": self._clock.now()}}
        # Others who act for them stand in a list of their own.
        own = {"person_id": caller.id, "helper": {"$exists": False}}
        found = self._sessions.find({**own, **alive}, shown).sort("created_at", -1).limit(MAX_SHOWN)
        return await found.to_list(), None

    def view(self, row: Row, caller: Principal) -> SessionView:
        """A stored session as its owner sees it."""
        return SessionView.of(row, self._apps.get(row["client_id"], ""), current=row["_id"] == caller.session_id)

    async def name(self, caller: Principal, session_id: str, label: str) -> tuple[Change, ...] | None:
        """Call a session so, or nothing when `label` is empty: what that changed; None where it is not theirs, or not open."""
        assert Session.vault
        mine = {"_id": {"$eq": session_id}, "person_id": caller.id, "ended_at": {"$exists": False}}
        told = {"label": Plain(label)} if label else {}
        sealed = await Session.vault.seal(caller.recipient, told)
        change = {"$set": {**sealed, "named_by": caller.recipient}} if label else {"$unset": {"label": "", "named_by": ""}}
        before = await self._sessions.find_one_and_update(mine, {**change, "$inc": {"version": 1}}, {"label": 1})
        return None if before is None else changed({"label": before.get("label")}, {"label": sealed.get("label")})

    async def has(self, caller: Principal, session_id: str) -> bool:
        """Whether this session is the caller's, and open."""
        mine = {"_id": session_id, "person_id": caller.id, "ended_at": {"$exists": False}}
        return await self._sessions.count_documents(mine, limit=1) > 0


async def person_of(reads: Reads, person_id: str, shown: Fields | None = None) -> Row:
    """A person's own row, opened for themselves, or the fields of it that are to be `shown`; empty where there is none."""
    return await reads.one(Person.Settings.name, {"_id": {"$eq": person_id}}, shown or {"name": 1, "version": 1}) or {}


def name_in(person: Row) -> str:
    """Their name; empty where there is none, or where it has been erased."""
    name = person.get("name", "")
    return name if isinstance(name, str) else ""
