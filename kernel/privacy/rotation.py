"""Changing the data keys: every subject gets a new one, and what was sealed under the former is sealed anew, while all goes on.

    retire   a key made before the beginning gives up its name: it still opens, and the next sealing makes another
    renew    row by row, what is sealed under a retired key is opened and sealed under the present one

A cursor in the key database remembers where it was, so it may be broken off at any moment. Retired keys stay: older backups, and
whatever refers to a ciphertext, can be opened until their subject is erased, which destroys them all.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any, Final

from bson.binary import Binary

from kernel.mongo.client import Database
from kernel.privacy.errors import SubjectErased
from kernel.privacy.field import Sealed
from kernel.privacy.vault import HIDDEN_KEY, Row, Vault, key_name, retired_name
from kernel.privacy.walk import each, replaced

CURSOR: Final = "data keys"
KEYS_AT_ONCE, ROWS_AT_ONCE = 500, 100
_PRESENT: Final = {"$exists": True}


class Rotation:
    """One change of all data keys over these collections. `now` is when it begins, unless one is under way already."""

    def __init__(self, vault: Vault, db: Database, collections: Sequence[str]) -> None:
        self._vault, self._db, self._collections = vault, db, sorted(collections)
        self._cursors = vault.keys.database["rotations"]

    async def run(self, *, now: datetime) -> AsyncIterator[tuple[str, int]]:
        """Do it, or what is left of it; yields what was done and to how many, step by step."""
        cursor = await self._begun(now)
        async for many in self._retire(cursor["began_at"]):
            yield "retired", many
        # Other processes seal with the key they remember for as long as this.
        await asyncio.sleep(self._vault.remembers_s)
        while True:
            renewed = 0
            for name in (name for name in self._collections if name >= cursor.get("collection", "")):
                async for rows, many in self._renew(name, cursor.get("after") if name == cursor.get("collection") else None):
                    renewed += many
                    yield "read", rows
                    yield "renewed", many
            if renewed == 0 and "collection" not in cursor:
                break
            # Somebody may have written back what they had loaded before: once more from the top, until there is nothing to do.
            cursor.pop("collection", None)
            cursor.pop("after", None)
        await self._cursors.update_one({"_id": CURSOR}, {"$set": {"ended_at": now}, "$unset": {"collection": "", "after": ""}})

    async def _begun(self, now: datetime) -> Row:
        under_way = await self._cursors.find_one({"_id": CURSOR, "ended_at": {"$exists": False}})
        if under_way:
            return under_way
        cursor = {"_id": CURSOR, "began_at": now}
        await self._cursors.replace_one({"_id": CURSOR}, cursor, upsert=True)
        return cursor

    async def _retire(self, before: datetime) -> AsyncIterator[int]:
        keys = self._vault.keys
        wanted = {"keyMaterial": _PRESENT, "erased_at": {"$exists": False}, "creationDate": {"$lt": before}}
        # The secret behind look-up tokens is no citizen's; and a key gives up its name once.
        wanted["keyAltNames"] = {"$not": {"$regex": ":retired:"}, "$ne": key_name(HIDDEN_KEY)}
        while some := await keys.find(wanted, {"keyAltNames": 1}).limit(KEYS_AT_ONCE).to_list():
            for row in some:
                name = retired_name(row["keyAltNames"][0].removeprefix(key_name("")), bytes(row["_id"]).hex())
                # Never one that was erased meanwhile: its name stays taken.
                await keys.update_one({"_id": row["_id"], "keyMaterial": _PRESENT}, {"$set": {"keyAltNames": [name]}})
            yield len(some)

    async def _renew(self, name: str, after: Any) -> AsyncIterator[tuple[int, int]]:
        collection = self._db[name]
        while True:
            beyond = {"_id": {"$gt": after}} if after is not None else {}
            rows = await collection.find(beyond).sort("_id", 1).limit(ROWS_AT_ONCE).to_list()
            if not rows:
                return
            changed = [await self._renew_one(name, row, owners) for row, owners in await self._under_retired_keys(rows)]
            after = rows[-1]["_id"]
            await self._cursors.update_one({"_id": CURSOR}, {"$set": {"collection": name, "after": after}})
            yield len(rows), sum(changed)

    async def _under_retired_keys(self, rows: list[Row]) -> list[tuple[Row, dict[bytes, str]]]:
        """Those of the rows with something to do, and whose each retired key was."""
        ids = {sealed.key_id for sealed in each(rows, Sealed)}
        wanted = {"_id": {"$in": [Binary(i, 4) for i in ids]}, "keyMaterial": _PRESENT, "keyAltNames": {"$regex": ":retired:"}}
        owners = {bytes(k["_id"]): _owner(k["keyAltNames"][0]) async for k in self._vault.keys.find(wanted, {"keyAltNames": 1})}
        return [(row, owners) for row in rows if any(sealed.key_id in owners for sealed in each(row, Sealed))]

    async def _renew_one(self, name: str, row: Row, owners: dict[bytes, str]) -> int:
        """Compare and set, without a new version: nobody's work is made stale by it. Who wrote meanwhile comes again next time."""
        fresh: dict[Sealed, Sealed] = {}
        for sealed in set(each(row, Sealed)):
            if owner := owners.get(sealed.key_id):
                try:
                    fresh[sealed] = await self._vault.seal(owner, await self._vault.unsealed(sealed))
                except SubjectErased:
                    return 0
        changed = {field: replaced(value, Sealed, lambda s: fresh.get(s, s)) for field, value in row.items() if field != "_id"}
        changed = {field: value for field, value in changed.items() if value != row[field]}
        if not changed:
            return 0
        as_it_was = {"_id": row["_id"], **{field: row[field] for field in (*changed, "version") if field in row}}
        return (await self._db[name].update_one(as_it_was, {"$set": changed})).modified_count


def _owner(retired: str) -> str:
    return retired.removeprefix(key_name("")).rsplit(":retired:", 1)[0]
