"""What a timeline says: the state of a dossier is folded from its entries, in the order things happened, never in the order told.

So an entry that arrives a week late lands where it belongs, the same entry told twice changes nothing, and any order of arrival
ends in the same state.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, TypeVar

import msgspec

from backend.dossiers import states


class Entry(Protocol):
    """What folding needs of a timeline entry."""

    @property
    def key(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def status(self) -> str: ...
    @property
    def due_at(self) -> datetime | None: ...


E = TypeVar("E", bound=Entry)


class Folded(msgspec.Struct, frozen=True):
    """The present state, and which entries (by key) took a step the table does not know."""

    status: str
    status_at: datetime
    accepted_at: datetime | None
    due_at: datetime | None
    finished_at: datetime | None
    irregular: frozenset[str]


def in_order(entries: Sequence[E]) -> list[E]:
    """By the time it happened; equal times by key, so that the order does not depend on arrival."""
    return sorted(entries, key=lambda entry: (entry.at, entry.key))


def fold(entries: Sequence[Entry]) -> Folded:
    """Fold a timeline of at least one entry.

    `finished_at` is when the result was ready (9) or else handed over (10), stopped or refused: the order in which the national
    formula 2.1 looks for an end (cases.md 4).
    """
    ordered = in_order(entries)
    accepted_at = due_at = None
    ends: dict[str, datetime] = {}
    irregular: set[str] = set()
    before: str | None = None
    for entry in ordered:
        if not states.is_regular(before, entry.status):
            irregular.add(entry.key)
        if entry.status == states.ACCEPTED and accepted_at is None:
            accepted_at = entry.at
        due_at = entry.due_at or due_at
        ends.setdefault(entry.status, entry.at)
        before = entry.status
    last = ordered[-1]
    ended = next((ends[s] for s in (states.FINISHED, states.RETURNED, states.STOPPED, states.NOT_ACCEPTED) if s in ends), None)
    still_open = states.STATUSES[last.status].clock != "stopped" and states.FINISHED not in ends
    return Folded(
        status=last.status,
        status_at=last.at,
        accepted_at=accepted_at,
        due_at=due_at,
        finished_at=None if still_open else ended,
        irregular=frozenset(irregular),
    )
