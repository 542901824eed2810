"""How often the database is asked: once when nothing is new, and once more for each kind that is (R-B2)."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from pymongo import AsyncMongoClient

from backend.sync.actions.bump import Feeds
from backend.sync.documents import Feed
from kernel.mongo.client import bind
from kernel.mongo.document import Stored
from kernel.privacy.field import TYPES
from kernel.privacy.vault import Vault
from tests.support.commands import Counted
from tests.support.papers import Memo, Paper, make_desk
from tests.unit.sync.conftest import Room

pytestmark = pytest.mark.proves("R-B2")


@pytest.fixture
async def counted(room: Room, mongodb_uri: str, vault: Vault) -> AsyncIterator[tuple[Room, Counted]]:
    """The same room over a connection that counts."""
    listener = Counted()
    client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(
        mongodb_uri, tz_aware=True, type_registry=TYPES, event_listeners=[listener]
    )
    db = client[room.db.name]
    await bind(db, [Paper, Memo, Feed], vault, build_indexes=False)
    yield Room(db, make_desk(db, vault), Feeds(db)), listener
    await client.close()


async def test_unchanged_is_one_read_and_a_delta_one_more_for_each_kind(counted: tuple[Room, Counted]) -> None:
    room, listener = counted
    for n in range(5):
        await Paper(id=f"p{n}", owner="lan").commit()
    await Memo(id="m", owner="lan").commit()
    await room.relay()
    phone = room.device()
    for expected in (3, 1, 1):
        listener.sent.clear()
        await phone.page()
        assert listener.names() == ["find"] * expected
    await Paper(id="p9", owner="lan").commit()
    await room.relay()
    listener.sent.clear()
    await phone.page()
    assert listener.names() == ["find", "find"]


async def test_a_change_costs_one_small_write_and_none_where_nobody_is_concerned(counted: tuple[Room, Counted]) -> None:
    room, listener = counted
    listener.sent.clear()
    await Paper(id="p", owner="lan").commit()
    assert listener.names() == ["insert"]
    Stored.listener = room.feeds.hear
    listener.sent.clear()
    await Paper(id="q", owner="lan").commit()
    await Paper(id="r").commit()
    assert listener.names() == ["insert", "update", "insert"]
