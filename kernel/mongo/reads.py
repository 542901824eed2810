"""The door through which the hot reads go: lists and single rows, as plain dictionaries, no document object in between.

Two drivers fit behind it (ADR 0001): PyMongo's async API, and Motor, which is on its way out but reads a little faster. Writes and
everything that follows them never come this way.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Protocol, runtime_checkable

from pymongo.asynchronous.database import AsyncDatabase

from kernel.privacy.field import TYPES

Row = dict[str, Any]
Fields = Mapping[str, Any]
Order = Sequence[tuple[str, int]]
Driver = Literal["pymongo", "motor"]

MAX_TIME_MS = 2_000


@runtime_checkable
class Reads(Protocol):
    """What a read model needs of a database. Every call is bounded in time."""

    async def one(self, collection: str, wanted: Mapping[str, Any], hidden: Fields | None = None) -> Row | None:
        """The row, or None."""
        ...

    async def many(
        self,
        collection: str,
        wanted: Mapping[str, Any],
        *,
        shown: Mapping[str, Any] | None,
        sort: Sequence[tuple[str, int]],
        limit: int,
    ) -> list[Row]:
        """At most `limit` rows in this order."""
        ...

    async def close(self) -> None:
        """Let go of what was opened for reading alone."""
        ...


class PyMongoReads:
    """Reads over the connection everything else uses."""

    def __init__(self, db: AsyncDatabase[Row]) -> None:
        self._db = db

    async def one(self, collection: str, wanted: Mapping[str, Any], hidden: Fields | None = None) -> Row | None:
        return await self._db[collection].find_one(wanted, hidden, max_time_ms=MAX_TIME_MS)

    async def many(
        self,
        collection: str,
        wanted: Mapping[str, Any],
        *,
        shown: Mapping[str, Any] | None,
        sort: Sequence[tuple[str, int]],
        limit: int,
    ) -> list[Row]:
        found = self._db[collection].find(wanted, shown, max_time_ms=MAX_TIME_MS, limit=limit, sort=list(sort))
        return await found.to_list()

    async def close(self) -> None:
        return


class MotorReads:
    """Reads over a connection of Motor's own (extra `motor`)."""

    def __init__(self, uri: str, database: str) -> None:
        from motor.motor_asyncio import AsyncIOMotorClient  # noqa: PLC0415 - an optional extra

        self._client: Any = AsyncIOMotorClient(uri, tz_aware=True, serverSelectionTimeoutMS=5_000, type_registry=TYPES)
        self._db = self._client[database]

    async def one(self, collection: str, wanted: Mapping[str, Any], hidden: Fields | None = None) -> Row | None:
        row: Row | None = await self._db[collection].find_one(wanted, hidden, max_time_ms=MAX_TIME_MS)
        return row

    async def many(
        self,
        collection: str,
        wanted: Mapping[str, Any],
        *,
        shown: Mapping[str, Any] | None,
        sort: Sequence[tuple[str, int]],
        limit: int,
    ) -> list[Row]:
        found = self._db[collection].find(wanted, shown, max_time_ms=MAX_TIME_MS, limit=limit, sort=list(sort))
        rows: list[Row] = await found.to_list(limit)
        return rows

    async def close(self) -> None:
        self._client.close()


def open_reads(driver: Driver, db: AsyncDatabase[Row], uri: str) -> Reads:
    """The door with the chosen driver behind it."""
    return MotorReads(uri, db.name) if driver == "motor" else PyMongoReads(db)
