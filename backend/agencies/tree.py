"""Which agencies there are: the province and its communes, two levels and no third; and who came after whom. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Protocol

KINDS = frozenset({"province", "department", "commune", "service_centre", "police", "tax"})
# The province, what is under it or a commune, and that one's own offices.
DEEPEST = 2


class Row(Protocol):
    """What the catalogue says of an agency."""

    @property
    def code(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def parent(self) -> str | None: ...


class Lived(Protocol):
    """An agency with its time."""

    id: str
    successor: str | None

    def exists_on(self, day: date) -> bool: ...


def misplaced(rows: Iterable[Row]) -> Iterator[str]:
    """What contradicts the government of two levels (Law 72/2025/QH15): a district, a commune under anything but the province."""
    known = {row.code: row for row in rows}
    for row in known.values():
        above = _above(row, known)
        if row.kind not in KINDS:
            yield f"{row.code}: no kind of agency is called {row.kind}"
        elif row.parent is not None and row.parent not in known:
            yield f"{row.code}: there is no {row.parent} above it"
        elif len(above) > DEEPEST:
            yield f"{row.code}: a third level, or a circle"
        elif (row.kind == "province") is not (row.parent is None):
            yield f"{row.code}: the province, and nothing else, stands at the top"
        elif row.kind == "commune" and known[str(row.parent)].kind != "province":
            yield f"{row.code}: a commune stands directly under the province"


def _above(row: Row, known: Mapping[str, Row]) -> list[str]:
    above: list[str] = []
    parent = row.parent
    while parent in known and len(above) <= DEEPEST:
        above.append(str(parent))
        parent = known[str(parent)].parent
    return above


def taken_over(agencies: Iterable[Lived], day: date) -> dict[str, str | None]:
    """Every agency that is not there on that day, and the one in its place: the last of its successors; None when there is none.

    `agencies` are at least those that have an end or have not begun; a successor that is not among them is there.
    """
    known = {agency.id: agency for agency in agencies}
    found: dict[str, str | None] = {}
    for gone in (agency for agency in known.values() if not agency.exists_on(day)):
        seen, heir = {gone.id}, gone.successor
        while heir in known and heir not in seen and not known[heir].exists_on(day):
            seen.add(heir)
            heir = known[heir].successor
        found[gone.id] = heir if heir not in seen else None
    return found
