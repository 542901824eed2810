"""The smallest document with events: a lamp that is switched."""

from datetime import UTC, datetime
from typing import Any, ClassVar

from beanie.odm.fields import IndexModelField
from pymongo import ASCENDING, IndexModel

from kernel.events import Event
from kernel.mongo.client import Database
from kernel.mongo.document import Stored

AT = datetime(2026, 7, 1, 8, tzinfo=UTC)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


class Switched(Event, frozen=True, kw_only=True, tag="test.switched"):
    """A lamp went on or off."""

    lamp: str
    on: bool


class Lamp(Stored):
    """A lamp in a room."""

    emits_events: ClassVar[bool] = True

    room: str
    on: bool = False
    colour: str | None = None
    rows: list[dict[str, Any]] = []

    class Settings:
        name = "lamps"
        indexes: ClassVar[list[IndexModelField | IndexModel]] = [IndexModel([("room", ASCENDING)], unique=True)]

    async def switch(self, on: bool) -> "Lamp":
        self.on = on
        return await self.commit(Switched(at=AT, lamp=self.id, on=on))


async def stored(db: Database, lamp: Lamp) -> dict[str, Any]:
    """What the database holds of it."""
    row = await db["lamps"].find_one({"_id": lamp.id})
    assert row
    return row


async def let_leases_run_out(db: Database) -> None:
    """As if every lease and every rest were over: the database's clock cannot be moved, but what it is compared with can."""
    await db["lamps"].update_many({"relay.until": {"$exists": True}}, {"$set": {"relay.until": LONG_AGO}})
