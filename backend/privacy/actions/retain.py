"""Carries out one row of the retention table, in small bites, so that nobody else waits long for the database."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from pymongo.asynchronous.collection import AsyncCollection

from backend.privacy.holdings import Holdings
from backend.privacy.retention import Rule
from kernel.audit import AuditEntry, changed
from kernel.mongo.client import Database
from kernel.mongo.document import followed_in
from kernel.principal import SYSTEM

BITE = 1_000


async def count_overdue(rule: Rule, db: Database, now: datetime) -> int:
    """How many documents the rule would touch."""
    return await db[rule.collection].count_documents(rule.overdue(now))


async def carry_out_rule(rule: Rule, db: Database, now: datetime, progress: Callable[[int], None] = lambda _: None) -> int:
    """Delete or anonymise what has been kept for too long; answers how many documents. Broken off, it goes on where it was."""
    collection, touched = db[rule.collection], 0
    # What has been told to leave is on its way out already.
    overdue = {**rule.overdue(now), "leaving": None}
    while ids := [row["_id"] for row in await collection.find(overdue, {"_id": 1}, limit=BITE).to_list()]:
        these = {"_id": {"$in": ids}, **overdue}
        if rule.then == "delete":
            followed = followed_in(rule.collection)
            done = await followed.depart(these) if followed else (await collection.delete_many(these)).deleted_count
        else:
            done = await _anonymise(rule, collection, these)
        touched += done
        progress(touched)
    return touched


async def apply_rule(rule: Rule, holdings: Holdings, progress: Callable[[int], None] = lambda _: None) -> int:
    """Carry a row out and put on record how many documents it touched; nothing is put on record of nothing."""
    touched = await carry_out_rule(rule, holdings.db, holdings.clock.now(), progress)
    if touched:
        told = changed({}, {rule.then: touched})
        entry = AuditEntry(action="retention.applied", object=f"collection:{rule.collection}", changes=told)
        await holdings.audit.record(SYSTEM, entry)
    return touched


async def _anonymise(rule: Rule, collection: AsyncCollection[dict[str, Any]], these: dict[str, Any]) -> int:
    followed = followed_in(rule.collection)
    if followed:
        return await followed.strip(these, rule.unset)
    # The version moves on, so that whoever has the old fields in hand cannot write them back.
    emptied = {"$unset": dict.fromkeys(rule.unset, ""), "$inc": {"version": 1}}
    return (await collection.update_many(these, emptied)).modified_count
