"""Bring the shipped catalogue of agencies into the database. Repeatable: the second run changes nothing."""

from collections.abc import Iterable
from importlib.resources import files

from pydantic import TypeAdapter

from backend.agencies.documents import Agency, SeedAgency
from backend.agencies.tree import misplaced

_ROWS = TypeAdapter(list[SeedAgency])


def shipped_catalogue() -> list[SeedAgency]:
    """The agencies of the province as they come with the product."""
    folder = files("backend.agencies") / "data"
    parts = (_ROWS.validate_json(part.read_bytes()) for part in folder.iterdir() if part.name.endswith(".json"))
    return sorted((row for part in parts for row in part), key=lambda row: row.code)


async def import_agencies(rows: Iterable[SeedAgency]) -> int:
    """Add what is new and correct what differs; answers how many were written.

    Raises:
        ValueError: it is no government of two levels; nothing has been written.
    """
    rows = list(rows)
    if wrong := [*misplaced(rows)]:
        raise ValueError("; ".join(wrong))
    known = {agency.id: agency for agency in await Agency.find_all().to_list()}
    written = 0
    for row in rows:
        fields = row.model_dump(exclude={"code"})
        agency = known.get(row.code) or Agency(id=row.code, **fields)
        if agency.version and all(getattr(agency, name) == value for name, value in fields.items()):
            continue
        for name, value in fields.items():
            setattr(agency, name, value)
        await agency.commit()
        written += 1
    return written
