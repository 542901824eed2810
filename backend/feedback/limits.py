"""How long an office may take, as data with its source: by kind of report, urgency, and whether the day is worked (domain.md B7).

Cà Mau's decision knows hours, on working days and on days off, and is on duty day and night; the decrees on complaints about
procedures know working days. A province that counts otherwise changes data/limits.json and no code.
"""

from datetime import date
from importlib.resources import files
from typing import Literal

import msgspec

from kernel.errors import Unavailable

Unit = Literal["hours", "working_days"]
CountFrom = Literal["received", "dispatched", "answered"]


class NoLimitKnown(Unavailable):
    """No time limit is configured for reports of this kind on that day."""

    vi = "Chưa có quy định thời hạn cho loại phản ánh này."


class Limit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """So many hours or working days."""

    amount: int
    unit: Unit


class Term(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One row: for which reports, which promise, how long, since when it counts, and which paper says so.

    A row without `urgency` is for any; without `day_off` the same limit holds on every day.
    """

    kind: str
    promise: str
    count_from: CountFrom
    working_day: Limit
    basis: str
    valid_from: date
    urgency: str = ""
    day_off: Limit | None = None
    valid_to: date | None = None

    def limit(self, *, works: bool) -> Limit:
        """The limit that holds for what begins on such a day."""
        return self.working_day if works or self.day_off is None else self.day_off

    def holds(self, kind: str, urgency: str, promise: str, day: date) -> bool:
        """Is this the row for such a report on that day?"""
        in_force = self.valid_from <= day and (self.valid_to is None or day < self.valid_to)
        return in_force and self.kind == kind and self.promise == promise and self.urgency in ("", urgency)


def _load() -> tuple[Term, ...]:
    raw = (files("backend.feedback") / "data" / "limits.json").read_bytes()
    terms = msgspec.json.decode(raw, type=tuple[Term, ...])
    if nameless := [term for term in terms if not term.basis or term.working_day.amount <= 0]:
        raise ValueError(f"a limit needs a basis and an amount: {nameless}")
    return terms


TERMS = _load()


def term(kind: str, urgency: str, promise: str, day: date) -> Term:
    """The row that holds.

    Raises:
        NoLimitKnown: none does.
    """
    found = next((row for row in TERMS if row.holds(kind, urgency, promise, day)), None)
    if found is None:
        raise NoLimitKnown(kind=kind, promise=promise, day=day.isoformat())
    return found
