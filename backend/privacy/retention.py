"""What is kept how long, on which basis, and what then: a table with a row for every collection (SEC-79)."""

from datetime import datetime, timedelta
from importlib.resources import files
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One row. `field` holds the date the days count from, `where` says which documents are meant, if not all of them.

    `unset` are the fields that `anonymise` removes. `archive` is the audit trail's: it goes day by day and leaves a proof (`motcua
    audit retire`). What is to `expire` does so by itself, by an index or a worker; what is to be `kept` has no date at all.
    """

    collection: str
    field: str
    keep_days: Annotated[int, Meta(ge=0)]
    basis: str
    then: Literal["delete", "anonymise", "archive", "expire", "keep"]
    unset: list[str] = []
    where: dict[str, Any] = {}

    def __post_init__(self) -> None:
        if (self.then == "anonymise") != bool(self.unset):
            raise ValueError(f"{self.collection}: `unset` belongs to `anonymise`, and to nothing else")
        if (self.then == "keep") == bool(self.field):
            raise ValueError(f"{self.collection}: what is kept has no `field` to count from, and everything else has")
        if self.then in ("delete", "anonymise", "archive") and not self.keep_days:
            raise ValueError(f"{self.collection}: `{self.then}` needs days to keep")

    @property
    def keep(self) -> timedelta:
        """How long it stays."""
        return timedelta(days=self.keep_days)

    def overdue(self, now: datetime) -> dict[str, Any]:
        """The filter of what has been kept for too long and is still there."""
        kept: dict[str, Any] = {**self.where, self.field: {"$lt": now - self.keep, "$type": "date"}}
        if self.unset:
            kept["$or"] = [{name: {"$exists": True}} for name in self.unset]
        return kept


TABLE = msgspec.json.decode((files("backend.privacy") / "data" / "retention.json").read_bytes(), type=list[Rule])
RULES = [rule for rule in TABLE if rule.then in ("delete", "anonymise")]
ELSEWHERE = [rule for rule in TABLE if rule.then in ("expire", "keep")]
TRAIL = next(rule for rule in TABLE if rule.then == "archive")
