"""Officials come, change what they may do, and go. Each change acts within the five seconds auth believes the directory."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from backend.agencies.documents import Agency, StaffMember
from backend.agencies.errors import AlreadyEnrolled, LastOfTheirRole, OutsideYourAgencies, StaffMemberNotFound
from backend.agencies.listed import Listed, problems
from backend.agencies.reach import below, uncovered
from backend.agencies.roles import INDISPENSABLE
from kernel.audit import Audit, AuditEntry, changed
from kernel.errors import FieldError, Invalid
from kernel.ids import derived_id
from kernel.principal import Principal

# Who acts where no person does: a command, an import.
SYSTEM = Principal(id="motcua", kind="system", client_id="motcua")


async def enrol(
    email: str,
    name: str,
    *,
    agencies: Iterable[str],
    roles: Iterable[str],
    unit: str | None = None,
    by: Principal = SYSTEM,
    audit: Audit | None = None,
) -> StaffMember:
    """Take somebody into the staff directory, or change what they may do; on record where an `audit` is given.

    For lists of officials, hence without a question.
    """
    email = email.casefold()
    member = await StaffMember.find_one({"email": {"$eq": email}})
    if member is None:
        member = StaffMember(id=derived_id("staff", email), email=email, name=name, agencies=[], roles=[])
    wanted = {"name": name, "agencies": sorted(agencies), "roles": sorted(roles), "unit": unit, "active": True}
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


# More than there are agencies in a province: they come in one answer.
ALL_AT_ONCE = 1_000


async def parents() -> dict[str, str | None]:
    """Every agency and the one it belongs to."""
    rows = await Agency.get_pymongo_collection().find({}, {"parent": 1}, batch_size=ALL_AT_ONCE).to_list()
    return {row["_id"]: row.get("parent") for row in rows}


async def take_in(actor: Principal, who: Listed, audit: Audit) -> StaffMember:
    """An administrator enrols somebody new.

    Raises:
        Invalid: an address, a role or an agency that is none.
        OutsideYourAgencies: one of the agencies is not the administrator's.
        AlreadyEnrolled: the address is in the directory.
    """
    await _check(actor, who)
    known = await StaffMember.find_one({"email": {"$eq": who.email}})
    if known is not None and known.active:
        raise AlreadyEnrolled
    return await enrol(who.email, who.name, agencies=who.agencies, roles=who.roles, unit=who.unit, by=actor, audit=audit)


async def change(actor: Principal, member_id: str, who: Listed, *, today: date, audit: Audit) -> StaffMember:
    """An administrator changes what somebody may do, and where.

    Raises:
        StaffMemberNotFound, Invalid, OutsideYourAgencies.
        LastOfTheirRole: an agency would be left without handler or approver.
    """
    member = await found(actor, member_id)
    await _check(actor, who)
    kept = {(agency, role) for agency in who.agencies for role in who.roles}
    await _refuse_gap(member, kept, today)
    return await enrol(member.email, who.name, agencies=who.agencies, roles=who.roles, unit=who.unit, by=actor, audit=audit)


async def off_board(actor: Principal, member_id: str, *, today: date, audit: Audit) -> StaffMember:
    """Somebody has left: the directory grants them nothing more. Ending their sessions is for the caller, who knows auth.

    Raises:
        StaffMemberNotFound.
        LastOfTheirRole: an agency would be left without handler or approver.
    """
    member = await found(actor, member_id)
    await _refuse_gap(member, set(), today)
    member.active = False
    await member.commit()
    told = changed({"active": True}, {"active": False})
    await audit.record(actor, AuditEntry(action="staff.off_boarded", object=f"staff:{member.id}", changes=told))
    return member


async def found(actor: Principal, member_id: str) -> StaffMember:
    """The official, when every agency of theirs is within the administrator's reach.

    Raises:
        StaffMemberNotFound.
    """
    reach = below(actor.agencies, await parents())
    member = await StaffMember.find_one({"_id": {"$eq": member_id}, **within(reach)})
    if member is None:
        raise StaffMemberNotFound
    return member


def within(reach: Iterable[str]) -> dict[str, Any]:
    """The filter of officials all of whose agencies are among these, and who have one."""
    return {"agencies": {"$not": {"$elemMatch": {"$nin": [*reach]}}}, "agencies.0": {"$exists": True}}


async def _check(actor: Principal, who: Listed) -> None:
    tree = await parents()
    if wrong := [*problems(who, tree.keys())]:
        raise Invalid(errors=[FieldError("", "invalid", why) for why in wrong])
    if not below(actor.agencies, tree).issuperset(who.agencies):
        raise OutsideYourAgencies


async def _refuse_gap(member: StaffMember, kept: set[tuple[str, str]], today: date) -> None:
    if not member.active:
        return
    living = [agency async for agency in Agency.find({"_id": {"$in": member.agencies}}) if agency.exists_on(today)]
    held = [(agency.id, role) for agency in living for role in INDISPENSABLE if role in member.roles]
    lost = [pair for pair in held if pair not in kept]
    others = StaffMember.find({"_id": {"$ne": member.id}, "active": True, "agencies": {"$in": member.agencies}})
    if gaps := uncovered(lost, [(other.agencies, other.roles) async for other in others]):
        raise LastOfTheirRole(errors=[FieldError("/roles", "last", f"{agency}: {role}") for agency, role in gaps])
