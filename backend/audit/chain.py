"""A hash chain: each row holds the hash of the row before, so that no row can be changed, taken out or moved unseen (SEC-68).

A row's hash is SHA-256 over all of its fields, the hash of the row before among them, as JSON with sorted names; the same bytes
come out of the database and out of the second copy. The first row of a chain holds the hash of the chain's name.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

Row = dict[str, Any]

ANCHORS = "anchors"


@dataclass(frozen=True)
class Head:
    """The end of a chain: how many rows it has and the hash of the last."""

    day: str
    chain: str
    count: int
    hash: str

    @property
    def name(self) -> str:
        return name_of(self.day, self.chain)


def name_of(day: str, chain: str) -> str:
    """What a chain of records is called."""
    return f"{day}/{chain}"


def genesis(name: str) -> str:
    """The hash before the first row, different for each chain: the beginning of one does not fit another."""
    return hashlib.sha256(f"motcua audit {name}".encode()).hexdigest()


def begin(day: str, chain: str) -> Head:
    """A chain without a row."""
    return Head(day, chain, 0, genesis(name_of(day, chain)))


def line(row: Row) -> bytes:
    """The row as one line of JSON; instants are RFC 3339 in UTC, control characters escaped (SEC-69)."""
    return msgspec.json.encode(row, order="deterministic")


def digest(row: Row) -> str:
    """What the row's hash has to be.

    Raises:
        TypeError: there is something in it that a row never holds.
    """
    return hashlib.sha256(line({name: value for name, value in row.items() if name != "hash"})).hexdigest()


def sealed(row: Row, before: str) -> Row:
    """The row as the one that follows the hash `before`."""
    linked = {**row, "prev_hash": before}
    return {**linked, "hash": digest(linked)}


def extend(head: Head, drafts: Sequence[Row], *, at: datetime) -> tuple[list[Row], Head]:
    """The drafts as the chain's next rows, and its new head."""
    rows: list[Row] = []
    last = head.hash
    for seq, draft in enumerate(drafts, start=head.count + 1):
        place = {"_id": f"{head.name}/{seq}", "day": head.day, "chain": head.chain, "seq": seq, "at": at}
        rows.append(sealed({**place, **draft}, last))
        last = rows[-1]["hash"]
    return rows, Head(head.day, head.chain, head.count + len(rows), last)
