"""Reading the trail: by whom, to whom, to what, since when."""

from datetime import datetime
from typing import Any

import msgspec

from backend.audit.chain import Row
from backend.audit.documents import AuditTrail
from kernel.audit import ATTEMPTED
from kernel.http.conditional import Marks
from kernel.http.paging import decode_cursor, encode_cursor
from kernel.mongo.reads import Fields
from kernel.principal import Principal

MAX_TIME_MS = 2_000
EVERYWHERE = "administrator"

# A record never changes: a page is another one when other records are on it.
MARKS = Marks({"version": 1, "at": 1})
_LATEST_FIRST = [("at", -1), ("_id", -1)]


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which records; what is None does not matter."""

    subject: str | None = None
    actor: str | None = None
    object: str | None = None
    action: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    agencies: frozenset[str] | None = None
    only_done: bool = False
    """Without what was about to be done: every act that was done has a record of its own."""

    def filter(self) -> dict[str, Any]:
        """As MongoDB wants it. Every value is a value, never an operator (SEC-51)."""
        exact = {"subjects": self.subject, "actor.id": self.actor, "object": self.object, "action": self.action}
        found: dict[str, Any] = {name: {"$eq": value} for name, value in exact.items() if value is not None}
        bounds = {"$gte": self.since, "$lt": self.until}
        if span := {operator: bound for operator, bound in bounds.items() if bound is not None}:
            found["at"] = span
        if self.only_done:
            found["result"] = {"$ne": ATTEMPTED}
        if self.agencies is not None:
            found["agency"] = {"$in": sorted(self.agencies)}
        return found


def offices_of(actor: Principal) -> frozenset[str] | None:
    """Whose records an official may read: their own agencies', an administrator everybody's."""
    return None if EVERYWHERE in actor.roles else actor.where("inspector")


async def page_of_records(
    trail: AuditTrail, wanted: Wanted, *, limit: int, cursor: str | None = None, shown: Fields | None = None
) -> tuple[list[Row], str | None]:
    """One page, the latest first, and the cursor of the next page if there is one.

    `shown` are the fields to read, all without; `at` has to be among them.

    Raises:
        CursorMalformed.
    """
    conditions = [wanted.filter()]
    if cursor:
        at, last_id = decode_cursor(cursor, [datetime, str])
        conditions.append({"$or": [{"at": {"$lt": at}}, {"at": at, "_id": {"$lt": last_id}}]})
    found = trail.records.find({"$and": conditions}, shown, sort=_LATEST_FIRST, limit=limit + 1, max_time_ms=MAX_TIME_MS)
    rows = await found.to_list()
    if len(rows) <= limit:
        return rows, None
    return rows[:limit], encode_cursor(rows[limit - 1]["at"], rows[limit - 1]["_id"])
