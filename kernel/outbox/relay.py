"""Claims documents with undelivered events and lets the reactions hear them.

A claim is a lease on the database's clock with a token of its own (a fencing token): whoever comes back late acknowledges nothing
(I6), and a relay that dies gives its work back when the lease ends (I7). Reactions are called at least once and must bear it (I4).
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import structlog
from pymongo import ReturnDocument
from pymongo.errors import ConnectionFailure

from kernel.events import decode
from kernel.ids import new_id
from kernel.jobs.draining import keep_draining
from kernel.mongo.client import Database
from kernel.mongo.wakeup import Wakeup
from kernel.slice import Reaction

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=10)
LANES = 16
MAX_ATTEMPTS = 12
MAX_BACKOFF = timedelta(minutes=10)
DEAD_EVENTS = "dead_events"


def backoff(attempt: int) -> timedelta:
    """How long a document rests after its n-th failure: 1 s, doubling, at most ten minutes."""
    return min(timedelta(seconds=2 ** min(attempt - 1, 16)), MAX_BACKOFF)


class Relay:
    """Empties the outboxes of `collections`."""

    def __init__(
        self, db: Database, collections: Sequence[str], reactions: Sequence[Reaction], services: Mapping[type, object]
    ) -> None:
        self._db, self._collections, self._services = db, list(collections), services
        self._reactions = list(reactions)
        self.wakeup = Wakeup(db, self._collections)

    async def run(self, stop: asyncio.Event) -> None:
        """Relay until `stop` is set."""
        await keep_draining(self.drain, self.wakeup, stop, lanes=LANES, name="relay")

    async def drain(self, stop: asyncio.Event | None = None) -> int:
        """Relay until nothing is due; answers how many documents were handled."""
        handled = 0
        for name in self._collections:
            while not (stop and stop.is_set()):
                token = new_id()
                claimed = await self._claim(name, token)
                if claimed is None:
                    break
                await self._handle(name, claimed, token)
                handled += 1
        return handled

    async def _claim(self, collection: str, token: str) -> dict[str, Any] | None:
        free = {"$or": [{"relay.until": {"$exists": False}}, {"$expr": {"$lt": ["$relay.until", "$$NOW"]}}]}
        until = {"$add": ["$$NOW", int(LEASE.total_seconds() * 1000)]}
        attempts = {"$add": [{"$ifNull": ["$relay.attempts", 0]}, 1]}
        return await self._db[collection].find_one_and_update(
            {"outbox.at": {"$exists": True}, **free},
            [{"$set": {"relay": {"token": token, "until": until, "attempts": attempts}}}],
            sort=[("outbox.at", 1)],
            projection={"outbox": 1, "relay": 1, "leaving": 1},
            return_document=ReturnDocument.AFTER,
        )

    async def _handle(self, collection: str, claimed: dict[str, Any], token: str) -> None:
        done: list[str] = []
        rest: timedelta | None = None
        for stored in claimed["outbox"]:
            try:
                await self._tell(stored)
            except ConnectionFailure:
                # The database is away, the reaction is not to blame: the lease runs out and somebody tries again.
                raise
            except Exception as error:
                attempts = claimed["relay"]["attempts"]
                log.exception("relay.reaction_failed", kind=stored["kind"], event_id=stored["id"], attempts=attempts)
                if attempts < MAX_ATTEMPTS:
                    rest = backoff(attempts)
                    break
                await self._bury(collection, claimed["_id"], stored, error)
            done.append(stored["id"])
        await self._acknowledge(collection, claimed["_id"], token, done, rest)
        if "leaving" in claimed:
            # Everybody has heard: what was on its way out is gone now (Stored.depart).
            await self._db[collection].delete_one({"_id": claimed["_id"], "leaving": True, "outbox": {"$exists": False}})

    async def _tell(self, stored: dict[str, Any]) -> None:
        event = decode(stored)
        async with asyncio.timeout(LEASE.total_seconds() / 2):
            for reaction in self._reactions:
                if isinstance(event, reaction.event):
                    await reaction(event, self._services)

    async def _bury(self, collection: str, document_id: str, stored: dict[str, Any], error: Exception) -> None:
        """An event nobody could hear is kept where an operator sees it, and the next ones go on."""
        await self._db[DEAD_EVENTS].replace_one(
            {"_id": stored["id"]},
            {"collection": collection, "document": document_id, "event": stored, "error": repr(error)[:500]},
            upsert=True,
        )

    async def _acknowledge(self, collection: str, document_id: str, token: str, done: list[str], rest: timedelta | None) -> None:
        left = {"$filter": {"input": "$outbox", "cond": {"$not": {"$in": ["$$this.id", done]}}}}
        if rest is None:
            relay: Any = "$$REMOVE"
        else:
            until = {"$add": ["$$NOW", int(rest.total_seconds() * 1000)]}
            relay = {"token": "", "until": until, "attempts": "$relay.attempts"}
        empty = {"$eq": [{"$size": "$outbox"}, 0]}
        await self._db[collection].update_one(
            {"_id": document_id, "relay.token": token},
            [
                {"$set": {"outbox": left, "relay": relay}},
                {"$set": {"outbox": {"$cond": [empty, "$$REMOVE", "$outbox"]}}},
            ],
        )
