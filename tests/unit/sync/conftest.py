"""Papers, memos and their feeds in a database of the test's own; nobody tells at once unless a test wants it."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import pytest

from backend.sync.actions.bump import Feeds
from backend.sync.api.desk import SyncDesk
from backend.sync.documents import Feed
from kernel.mongo.client import Database, bind
from kernel.mongo.document import Stored
from kernel.privacy.vault import Vault
from tests.support.papers import Device, Memo, Paper, make_desk, relay_of


@dataclass
class Room:
    """What the tests of this folder work with."""

    db: Database
    desk: SyncDesk
    feeds: Feeds

    def device(self, owner: str = "lan", **facts: object) -> Device:
        return Device(self.desk, owner, **facts)  # type: ignore[arg-type]

    async def relay(self) -> int:
        """Everything that was committed has been heard."""
        return await relay_of(self.db, self.feeds).drain()

    async def feed(self, owner: str = "lan") -> dict[str, object]:
        row = await self.db["sync_feeds"].find_one({"_id": owner})
        assert row
        return row


@pytest.fixture(autouse=True)
def nobody_listens() -> Iterator[None]:
    listener = Stored.listener
    Stored.listener = None
    yield
    Stored.listener = listener


@pytest.fixture
async def room(database: Database, vault: Vault) -> AsyncIterator[Room]:
    await bind(database, [Paper, Memo, Feed], vault, build_indexes=True)
    desk = make_desk(database, vault)
    yield Room(database, desk, Feeds(database))
    await desk.bells.stop()
