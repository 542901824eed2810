"""The door through which the hot reads go: lists and single rows, as plain dictionaries, no document object in between.

Two drivers fit behind it (ADR 0001): PyMongo's async API, and Motor, which is on its way out but reads a little faster. Writes and
everything that follows them never come this way.
"""

from collections.abc import Mapping, Sequence
from inspect import isawaitable
from typing import Any, Literal, Protocol, runtime_checkable

from pymongo.asynchronous.database import AsyncDatabase

from kernel.privacy.field import TYPES
from kernel.privacy.vault import Vault

Row = dict[str, Any]
Fields = Mapping[str, Any]
Order = Sequence[tuple[str, int]]
Driver = Literal["pymongo", "motor"]

MAX_TIME_MS = 2_000


@runtime_checkable
class Reads(Protocol):
    """What a read model needs of a database. Every call is bounded in time; what is sealed in a row comes opened."""

    vault: Vault

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

    async def through(self, collection: str, stages: Sequence[Mapping[str, Any]]) -> list[Row]:
        """What comes out of an aggregation: for two questions in one. It has to be short."""
        ...

    async def close(self) -> None:
        """Let go of what was opened for reading alone."""
        ...


class _DriverReads:
    """The two drivers are asked in the same words; `db` is a database of either."""

    def __init__(self, db: Any, vault: Vault) -> None:
        self._db, self.vault = db, vault
        self._collections: dict[str, Any] = {}

    def _of(self, collection: str) -> Any:
        # A driver makes a new object each time it is asked for one.
        found = self._collections.get(collection)
        if found is None:
            found = self._collections[collection] = self._db[collection]
        return found

    async def one(self, collection: str, wanted: Mapping[str, Any], hidden: Fields | None = None) -> Row | None:
        row: Row | None = await self._of(collection).find_one(wanted, hidden, max_time_ms=MAX_TIME_MS)
        return row and (await self.vault.open([row]))[0]

    async def many(self, collection: str, wanted: Mapping[str, Any], *, shown: Fields | None, sort: Order, limit: int) -> list[Row]:
        found = self._of(collection).find(wanted, shown, max_time_ms=MAX_TIME_MS, limit=limit, sort=list(sort))
        return await self.vault.open(await found.to_list(limit))

    async def through(self, collection: str, stages: Sequence[Mapping[str, Any]]) -> list[Row]:
        found = self._of(collection).aggregate(list(stages), maxTimeMS=MAX_TIME_MS)
        # PyMongo's has to be awaited, Motor's is the cursor already.
        cursor = await found if isawaitable(found) else found
        return await self.vault.open(await cursor.to_list(None))


class PyMongoReads(_DriverReads):
    """Reads over the connection everything else uses."""

    def __init__(self, db: AsyncDatabase[Row], vault: Vault) -> None:
        super().__init__(db, vault)

    async def close(self) -> None:
        return


class MotorReads(_DriverReads):
    """Reads over a connection of Motor's own (extra `motor`)."""

    def __init__(self, uri: str, database: str, vault: Vault) -> None:
        from motor.motor_asyncio import AsyncIOMotorClient  # noqa: PLC0415 - an optional extra

        self._client: Any = AsyncIOMotorClient(uri, tz_aware=True, serverSelectionTimeoutMS=5_000, type_registry=TYPES)
        super().__init__(self._client[database], vault)

    async def close(self) -> None:
        self._client.close()


def open_reads(driver: Driver, db: AsyncDatabase[Row], uri: str, vault: Vault) -> Reads:
    """The door with the chosen driver behind it."""
    return MotorReads(uri, db.name, vault) if driver == "motor" else PyMongoReads(db, vault)
