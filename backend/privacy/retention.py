"""What is kept how long, on which basis, and what then: a table that a job carries out (SEC-79)."""

from datetime import datetime, timedelta
from importlib.resources import files
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One row. `field` holds the date the days count from; `unset` are the fields `anonymise` removes.

    `archive` is the audit trail's: it goes day by day and leaves a proof (`motcua audit retire`).
    """

    collection: str
    field: str
    keep_days: Annotated[int, Meta(ge=1)]
    basis: str
    then: Literal["delete", "anonymise", "archive"]
    unset: list[str] = []

    def __post_init__(self) -> None:
        if (self.then == "anonymise") != bool(self.unset):
            raise ValueError(f"{self.collection}: `unset` belongs to `anonymise`, and to nothing else")

    @property
    def keep(self) -> timedelta:
        """How long it stays."""
        return timedelta(days=self.keep_days)

    def overdue(self, now: datetime) -> dict[str, Any]:
        """The filter of what has been kept for too long and is still there."""
        kept: dict[str, Any] = {self.field: {"$lt": now - self.keep, "$type": "date"}}
        if self.unset:
            kept["$or"] = [{name: {"$exists": True}} for name in self.unset]
        return kept


TABLE = msgspec.json.decode((files("backend.privacy") / "data" / "retention.json").read_bytes(), type=list[Rule])
RULES = [rule for rule in TABLE if rule.then != "archive"]
TRAIL = next(rule for rule in TABLE if rule.then == "archive")
