"""A house with one small room that holds personal data, and the means to watch what privacy does to it."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from pymongo import IndexModel

from backend.privacy.holdings import Holdings
from kernel.audit import AuditEntry
from kernel.clock import VIETNAM, TestClock
from kernel.errors import AuditUnavailable
from kernel.mongo.client import Database
from kernel.mongo.document import Stored
from kernel.mongo.files import StoredFile
from kernel.principal import Principal
from kernel.privacy.field import PersonalText, PersonName, Plain
from kernel.slice import PersonalData

# Invented (domain.md E). The name is unlike any word of ours, so that it can be looked for in bytes.
NUMBER, NAME, TEXT = "096199000001", "Nguyễn Thị Chim Yến", "Cháu tôi bị ốm <script>alert(1)</script>"
# A Wednesday with an ordinary month after it.
START = datetime(2026, 7, 1, 9, tzinfo=VIETNAM)
ADMIN = Principal(id="staff-admin", kind="staff", client_id="app", roles=frozenset({"administrator"}))
RESULT = b"%PDF-1.4\n% a result\n%%EOF\n"


class Note(Stored):
    """Something an agency keeps about a citizen; `token` is how it is found by name."""

    whose: str | None = None
    name: PersonName
    text: PersonalText | None = None
    token: str | None = None
    file: StoredFile | None = None

    class Settings:
        name = "notes"
        indexes: ClassVar[list[IndexModel]] = []

    def data_subject(self) -> str:
        return self.whose or f"note:{self.id}"


async def export_notes(subject: str) -> list[dict[str, Any]]:
    return await Note.get_pymongo_collection().find({"whose": subject}, {"_id": 0, "version": 0, "token": 0}).to_list()


async def erase_notes(subject: str, now: datetime) -> int:
    cut = {"$unset": {"whose": "", "token": ""}, "$inc": {"version": 1}}
    return (await Note.get_pymongo_collection().update_many({"whose": subject}, cut)).modified_count


NOTES = PersonalData("notes", "Ghi chú", "Notes", export_notes, erase_notes)


@dataclass
class AuditBook:
    """An audit in memory that can be broken."""

    entries: list[tuple[str, AuditEntry]] = field(default_factory=list)
    broken: bool = False

    async def record(self, actor: Principal, *entries: AuditEntry) -> None:
        if self.broken:
            raise AuditUnavailable
        self.entries.extend((actor.id, entry) for entry in entries)

    def actions(self) -> list[str]:
        return [entry.action for _, entry in self.entries]


@dataclass
class Cases:
    """The citizen's open cases, as the app's port tells them."""

    open: list[str] = field(default_factory=list)

    async def __call__(self, subject: str) -> list[str]:
        return list(self.open)


@dataclass
class Keeper:
    """The house as a test sees it."""

    holdings: Holdings
    clock: TestClock
    audit: AuditBook
    cases: Cases
    subject: str

    @property
    def db(self) -> Database:
        return self.holdings.db

    def citizen(self, *, minutes_ago: float = 0, assurance: int = 2) -> Principal:
        """The citizen, signed in that long ago."""
        at = datetime.fromtimestamp(self.clock.now().timestamp() - minutes_ago * 60, VIETNAM)
        return Principal(
            id="p_lan", kind="citizen", client_id="app", citizen_key=self.subject, assurance=assurance, authenticated_at=at
        )

    async def note(self, **fields: Any) -> Note:
        """A sealed note about the citizen, with a file of the same."""
        file = await self.holdings.files.store("giấy/khai\\sinh.pdf", "application/pdf", RESULT, now=self.clock.now())
        usual = {"whose": self.subject, "name": Plain(NAME), "text": Plain(TEXT), "token": "yen", "file": file}
        return await Note(**{**usual, **fields}).commit()

    async def opened(self) -> list[dict[str, Any]]:
        """Every note as a reader gets it."""
        return await self.holdings.vault.open(await Note.get_pymongo_collection().find({}).sort("_id", 1).to_list())

    async def dump(self, db: Database | None = None) -> dict[str, list[dict[str, Any]]]:
        """A backup of the data; of the keys with `self.keys`."""
        db = self.db if db is None else db
        return {name: await db[name].find({}).to_list() for name in await db.list_collection_names()}

    async def restore(self, backup: dict[str, list[dict[str, Any]]], db: Database | None = None) -> None:
        """The database is what it was, and nothing else."""
        db = self.db if db is None else db
        for name in {*await db.list_collection_names(), *backup}:
            await db[name].delete_many({})
            if backup.get(name):
                await db[name].insert_many(backup[name])

    @property
    def keys(self) -> Database:
        """The key vault's database."""
        return self.holdings.vault.keys.database


async def until(condition: Any) -> None:
    """Wait for something another task does, at most ten seconds."""
    async with asyncio.timeout(10):
        while not await condition():  # noqa: ASYNC110 - the other task tells nobody when it is done
            await asyncio.sleep(0.01)
