"""What has been done to a chain, told from the rows that are left: each finding names the place.

A chain by itself shows edits, gaps and rows that were moved. That its end was cut off, or that all of it was written anew, shows
against an anchor; what happened after the last anchor shows against the second copy only.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec

from backend.audit.chain import Head, Row, digest, genesis

Kind = Literal[
    "altered",
    "missing",
    "moved",
    "unlinked",
    "repeated",
    "cut",
    "rewritten",
    "vanished",
    "copy_altered",
    "copy_differs",
    "copy_lacks",
    "retired_early",
    "archive_altered",
    "archive_missing",
]


class Finding(msgspec.Struct, frozen=True):
    """One thing that is not as it was written."""

    kind: Kind
    place: str
    what: str


@dataclass(frozen=True, slots=True)
class Link:
    """What is left to look at of a row: its place, the hashes it holds, and whether its own is right."""

    seq: int
    prev_hash: str
    hash: str
    sound: bool


def link_of(row: Row) -> Link:
    """The row as a link. Whatever does not even have the shape of a row is an unsound one."""
    try:
        sound = digest(row) == row.get("hash")
    except TypeError:
        sound = False
    seq = row.get("seq")
    return Link(seq if isinstance(seq, int) else 0, str(row.get("prev_hash")), str(row.get("hash")), sound)


def inspect(name: str, links: Sequence[Link], anchored: Head | None = None) -> list[Finding]:
    """Everything that is wrong with the chain `name`: `links` are its rows by their `seq`, `anchored` is a former head of it."""
    return [*_along(name, links), *_against(name, links, anchored)]


def unsound(name: str, links: Sequence[Link]) -> list[Finding]:
    """The rows that are not what was written, whatever is missing between them."""
    return [Finding("altered", f"{name}/{link.seq}", "the record is not what was written here") for link in links if not link.sound]


def _along(name: str, links: Sequence[Link]) -> Iterator[Finding]:
    hashes = {link.hash for link in links}
    last, due = genesis(name), 1
    for link in links:
        place = f"{name}/{link.seq}"
        if link.seq < due:
            yield Finding("repeated", place, "there is more than one record in this place")
        elif link.seq > due:
            yield Finding("missing", f"{name}/{due}", f"{link.seq - due} record(s) deleted before {place}")
        # After a gap the hash before is gone, so there is nothing to hold it against.
        follows = link.prev_hash == last or link.seq > due
        if not follows and link.prev_hash in hashes:
            yield Finding("moved", place, "the record stood in another place of this chain")
        elif not link.sound:
            yield Finding("altered", place, "the record is not what was written here")
        elif not follows:
            yield Finding("unlinked", place, "it does not follow from the record before: one of them was put there later")
        last, due = link.hash, link.seq + 1


def _against(name: str, links: Sequence[Link], anchored: Head | None) -> Iterator[Finding]:
    if anchored is None:
        return
    place = f"{name}/{anchored.count}"
    if not links:
        yield Finding("vanished", name, f"an anchor knows {anchored.count} record(s) of this chain; none is left")
    elif (end := max(link.seq for link in links)) < anchored.count:
        yield Finding("cut", f"{name}/{end + 1}", f"{anchored.count - end} record(s) deleted from the end; an anchor knows them")
    elif not any(link.hash == anchored.hash for link in links if link.seq == anchored.count):
        yield Finding("rewritten", place, "an anchor knows another record here: the chain was written anew")
