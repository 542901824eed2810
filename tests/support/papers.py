"""Two small kinds of things that phones keep copies of, and phones that keep them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from backend.sync.actions.bump import Feeds
from backend.sync.api.desk import SyncDesk
from backend.sync.bells import Bells
from backend.sync.catalogues import Catalogues
from backend.sync.errors import SyncTokenExpired
from backend.sync.queries import FeedReads
from backend.sync.reactions import bump_the_feeds
from backend.sync.token import Tokens
from kernel.clock import SystemClock
from kernel.http.schemas import View
from kernel.mongo.client import Database
from kernel.mongo.document import Stored
from kernel.mongo.reads import PyMongoReads
from kernel.outbox.relay import Relay
from kernel.privacy.vault import Vault
from kernel.slice import Asked, Synced
from tests.support.officials import citizen


class Paper(Stored):
    """A sheet somebody has."""

    emits_events: ClassVar[bool] = True

    owner: str | None = None
    text: str = ""

    class Settings:
        name = "papers"


class Memo(Stored):
    """Another kind of sheet."""

    emits_events: ClassVar[bool] = True

    owner: str | None = None
    text: str = ""

    class Settings:
        name = "memos"


class SheetView(View, frozen=True, kw_only=True):
    """A sheet as its owner's phone keeps it."""

    id: str
    text: str
    version: int


def _synced(name: str, document: type[Stored]) -> Synced:
    async def copies(asked: Asked, ids: Sequence[str]) -> dict[str, SheetView]:
        wanted = {"_id": {"$in": list(ids)}, "owner": asked.actor.recipient, "leaving": None}
        rows = await asked.reads.many(document.Settings.name, wanted, shown=None, sort=[("_id", 1)], limit=len(ids))
        return {row["_id"]: SheetView(id=row["_id"], text=row["text"], version=row["version"]) for row in rows}

    return Synced(name, document, by="owner", view=SheetView, copies=copies)


MOST_PAGES = 200
PAPER, MEMO = _synced("paper", Paper), _synced("memo", Memo)
KINDS: dict[str, type[Paper] | type[Memo]] = {"paper": Paper, "memo": Memo}


def make_desk(db: Database, vault: Vault, catalogues: Catalogues | None = None) -> SyncDesk:
    """The desk over papers and memos."""
    for one in (PAPER, MEMO):
        one.follow()
    reads = FeedReads(db)
    rows = PyMongoReads(reads.majority, vault)
    return SyncDesk(
        [PAPER, MEMO],
        {},
        tokens=Tokens("x" * 32),
        reads=reads,
        row_reads=rows,
        bells=Bells(db, reads),
        catalogues=catalogues or Catalogues({}, SystemClock()),
    )


def relay_of(db: Database, feeds: Feeds) -> Relay:
    """The relay that brings what was committed into the feeds."""
    return Relay(db, ["papers", "memos"], [bump_the_feeds], {Feeds: feeds})


@dataclass
class Device:
    """A phone: it applies pages as the documentation says, and nothing else."""

    desk: SyncDesk
    owner: str
    types: str | None = None
    limit: int = 200
    since: str | None = None
    copies: dict[str, dict[str, Any]] = field(default_factory=dict)
    resets: int = 0

    async def page(self) -> bool:
        """Take one page; is there more?"""
        try:
            place = self.desk.place(self.owner, self.since, self.types)
            delta = await self.desk.changes(place, limit=self.limit)
        except SyncTokenExpired:
            self.since = None
            self.resets += 1
            return True
        asked = Asked(citizen(self.owner), "vi", SystemClock().now(), self.desk.row_reads)
        page: Any = await self.desk.page(asked, place, delta)
        for _ in range(2):
            # Twice, because applying a page again has to change nothing.
            self._apply(page)
        self.since = page.next_since
        return bool(page.has_more)

    def _apply(self, page: Any) -> None:
        if page.reset:
            self.copies = {}
        for kind in self.desk.kinds:
            changes = getattr(page.changes, kind)
            if not changes:
                continue
            mine = self.copies.setdefault(kind, {})
            mine.update({view.id: view for view in changes.upserted})
            for item in changes.deleted:
                mine.pop(item, None)

    async def up_to_date(self) -> dict[str, dict[str, Any]]:
        """Every page there is; the copies, without kinds of which there are none."""
        for _ in range(MOST_PAGES):
            if not await self.page():
                break
        else:
            raise AssertionError("there is no end to the pages")
        return {kind: mine for kind, mine in self.copies.items() if mine}


async def visible(owner: str, types: str | None = None) -> dict[str, dict[str, Any]]:
    """What this owner has, by what is stored."""
    found: dict[str, dict[str, Any]] = {}
    for kind, document in KINDS.items():
        if types is not None and kind not in types.split(","):
            continue
        rows = await document.get_pymongo_collection().find({"owner": owner, "leaving": None}).to_list()
        if rows:
            found[kind] = {row["_id"]: SheetView(id=row["_id"], text=row["text"], version=row["version"]) for row in rows}
    return found
