"""A list of staff as a spreadsheet writes it: read whole, every bad line named, nothing half believed."""

import csv
import re
from collections.abc import Collection, Iterator
from io import StringIO

import msgspec

from backend.agencies.roles import ROLES
from kernel.text import clean

COLUMNS = ("email", "name", "agencies", "roles", "unit")
MAX_NAME, MAX_UNIT = 120, 60
EMAIL = re.compile(r"[a-z0-9._%+-]{1,64}@[a-z0-9-]+(?:\.[a-z0-9-]+)+", re.ASCII)
_SEPARATORS = re.compile(r"[;,|]")


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """One official of the list."""

    email: str
    name: str
    agencies: tuple[str, ...]
    roles: tuple[str, ...]
    unit: str | None = None
    posts: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """An agency and the roles there, where they are not the same at all agencies; `agencies` and `roles` are then all of them."""

    def held(self) -> set[tuple[str, str]]:
        """The (agency, role) pairs this gives them."""
        if self.posts:
            return {(agency, role) for agency, roles in self.posts for role in roles}
        return {(agency, role) for agency in self.agencies for role in self.roles}


class BadLine(msgspec.Struct, frozen=True):
    """What is wrong with a line, by its number in the file; the header is line 1."""

    line: int
    why: str


def read(text: str, agencies: Collection[str]) -> tuple[list[Listed], list[BadLine]]:
    """The officials of a CSV file (`email,name,agencies,roles,unit`; several agencies or roles apart by `;`), and its bad lines."""
    rows = csv.DictReader(StringIO(text.removeprefix("\ufeff")))
    missing = [name for name in COLUMNS[:4] if name not in (rows.fieldnames or ())]
    if missing:
        return [], [BadLine(1, f"the header lacks {', '.join(missing)}")]
    good: dict[str, Listed] = {}
    bad: list[BadLine] = []
    for row in rows:
        said = {name: clean(row.get(name) or "") for name in COLUMNS}
        listed = Listed(
            email=said["email"].casefold(),
            name=said["name"],
            agencies=_several(said["agencies"]),
            roles=_several(said["roles"]),
            unit=said["unit"] or None,
        )
        wrong = [*problems(listed, agencies)]
        if listed.email in good:
            wrong.append("the address stands twice")
        if None in row:
            wrong.append("it has more columns than the header")
        if wrong:
            bad.append(BadLine(rows.line_num, "; ".join(wrong)))
        else:
            good[listed.email] = listed
    return list(good.values()), bad


def problems(listed: Listed, agencies: Collection[str]) -> Iterator[str]:
    """What keeps somebody out of the directory."""
    if not EMAIL.fullmatch(listed.email):
        yield f"{listed.email!r} is no address"
    if not 0 < len(listed.name) <= MAX_NAME:
        yield "the name is missing or too long"
    if not listed.agencies:
        yield "no agency"
    if unknown := [code for code in listed.agencies if code not in agencies]:
        yield f"no such agency: {', '.join(unknown)}"
    if unknown := [role for role in listed.roles if role not in ROLES]:
        yield f"no such role: {', '.join(unknown)}"
    if any(agency not in listed.agencies or not set(roles) <= set(listed.roles) for agency, roles in listed.posts):
        yield "a post is at none of the agencies, or has none of the roles"
    if listed.unit and len(listed.unit) > MAX_UNIT:
        yield "the unit's name is too long"


def _several(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part for part in (piece.strip() for piece in _SEPARATORS.split(text)) if part))
