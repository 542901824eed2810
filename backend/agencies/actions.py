"""Bring the shipped catalogue of agencies and a list of staff into the database. Repeatable: the second run changes nothing."""

from collections.abc import Iterable
from importlib.resources import files

from pydantic import TypeAdapter

from backend.agencies.documents import Agency, SeedAgency, StaffMember
from kernel.audit import Audit, AuditEntry, changed
from kernel.ids import derived_id
from kernel.principal import Principal

# Who acts where no person does: a command, an import.
SYSTEM = Principal(id="motcua", kind="system", client_id="motcua")
_ROWS = TypeAdapter(list[SeedAgency])


def shipped_catalogue() -> list[SeedAgency]:
    """The agencies of the province as they come with the product."""
    folder = files("backend.agencies") / "data"
    parts = (_ROWS.validate_json(part.read_bytes()) for part in folder.iterdir() if part.name.endswith(".json"))
    return sorted((row for part in parts for row in part), key=lambda row: row.code)


async def import_agencies(rows: Iterable[SeedAgency]) -> int:
    """Add what is new and correct what differs; answers how many were written."""
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


async def enrol(
    email: str, name: str, *, agencies: Iterable[str], roles: Iterable[str], by: Principal = SYSTEM, audit: Audit | None = None
) -> StaffMember:
    """Take somebody into the staff directory, or change what they may do; on record where an `audit` is given."""
    email = email.casefold()
    member = await StaffMember.find_one({"email": {"$eq": email}})
    if member is None:
        member = StaffMember(id=derived_id("staff", email), email=email, name=name, agencies=[], roles=[])
    wanted = {"name": name, "agencies": sorted(agencies), "roles": sorted(roles), "active": True}
    if member.version and all(getattr(member, field) == value for field, value in wanted.items()):
        return member
    was = {field: getattr(member, field) for field in wanted} if member.version else {}
    for field, value in wanted.items():
        setattr(member, field, value)
    await member.commit()
    if audit:
        # Officials act in office: their names are no citizen's data.
        action = "staff.roles_changed" if was else "staff.enrolled"
        await audit.record(by, AuditEntry(action=action, object=f"staff:{member.id}", changes=changed(was, wanted)))
    return member
