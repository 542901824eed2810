"""Officials come, change what they may do, and go. Each change acts within the five seconds auth believes the directory."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from msgspec import structs

from backend.agencies.documents import Agency, Post, StaffMember
from backend.agencies.errors import AlreadyEnrolled, LastOfTheirRole, OutsideYourAgencies, StaffMemberNotFound
from backend.agencies.listed import Listed, problems
from backend.agencies.reach import below, uncovered
from backend.agencies.roles import ADMINISTRATOR, INDISPENSABLE
from kernel.audit import ATTEMPTED, REFUSED, Audit, AuditEntry, changed
from kernel.errors import FieldError, Invalid
from kernel.ids import derived_id
from kernel.principal import SYSTEM, Principal


async def enrol(
    email: str,
    name: str,
    *,
    agencies: Iterable[str],
    roles: Iterable[str],
    unit: str | None = None,
    posts: Iterable[tuple[str, Iterable[str]]] = (),
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
    held = [Post(agency=agency, roles=sorted(there)) for agency, there in sorted(posts)]
    wanted = {"name": name, "agencies": sorted(agencies), "roles": sorted(roles), "posts": held, "unit": unit, "active": True}
    if member.version and all(getattr(member, field) == value for field, value in wanted.items()):
        return member
    was = {field: getattr(member, field) for field in wanted} if member.version else {}
    for field, value in wanted.items():
        setattr(member, field, value)
    # Officials act in office: their names are no citizen's data.
    action = "staff.roles_changed" if was else "staff.enrolled"
    entry = AuditEntry(action=action, object=f"staff:{member.id}", changes=changed(_told(was), _told(wanted)))
    if audit:
        # Before and after: nobody gets rights of which there is no record, and whether it came to it is on record too (SEC-71).
        await audit.record(by, structs.replace(entry, result=ATTEMPTED))
    await member.commit()
    if audit:
        await audit.record(by, entry)
    return member


# More than there are agencies in a province: they come in one answer.
ALL_AT_ONCE = 1_000


def _told(fields: dict[str, Any]) -> dict[str, Any]:
    """As the record has it, which knows no documents; empty posts are not worth a word."""
    posts = [f"{post.agency}: {', '.join(post.roles)}" for post in fields.get("posts", [])]
    return {**{name: value for name, value in fields.items() if name != "posts"}, **({"posts": posts} if posts else {})}


async def parents() -> dict[str, str | None]:
    """Every agency and the one it belongs to."""
    rows = await Agency.get_pymongo_collection().find({}, {"parent": 1}, batch_size=ALL_AT_ONCE).to_list()
    return {row["_id"]: row.get("parent") for row in rows}


async def take_in(actor: Principal, who: Listed, *, today: date, audit: Audit) -> StaffMember:
    """An administrator enrols somebody new.

    Raises:
        Invalid: an address, a role or an agency that is none.
        OutsideYourAgencies: one of the agencies is not the administrator's.
        AlreadyEnrolled: the address is in the directory.
    """
    await _check(actor, who, today)
    known = await StaffMember.find_one({"email": {"$eq": who.email}})
    if known is not None and known.active:
        raise AlreadyEnrolled
    return await enrol(
        who.email, who.name, agencies=who.agencies, roles=who.roles, unit=who.unit, posts=who.posts, by=actor, audit=audit
    )


async def change(actor: Principal, member_id: str, who: Listed, *, today: date, audit: Audit) -> StaffMember:
    """An administrator changes what somebody may do, and where.

    Raises:
        StaffMemberNotFound, Invalid, OutsideYourAgencies.
        LastOfTheirRole: an agency would be left without handler or approver.
    """
    member = await found(actor, member_id)
    await _check(actor, who, today)
    kept, before = who.held(), member.model_copy(deep=True)
    await _refuse_gap(member, kept, today)
    after = await enrol(
        member.email, who.name, agencies=who.agencies, roles=who.roles, unit=who.unit, posts=who.posts, by=actor, audit=audit
    )
    await _undo_a_gap(actor, before, after, kept, today, audit)
    return after


async def off_board(actor: Principal, member_id: str, *, today: date, audit: Audit) -> StaffMember:
    """Somebody has left: the directory grants them nothing more. Ending their sessions is for the caller, who knows auth.

    Raises:
        StaffMemberNotFound.
        LastOfTheirRole: an agency would be left without handler or approver.
    """
    member = await found(actor, member_id)
    await _refuse_gap(member, set(), today)
    before = member.model_copy(deep=True)
    told = changed({"active": True}, {"active": False})
    entry = AuditEntry(action="staff.off_boarded", object=f"staff:{member.id}", changes=told)
    await audit.record(actor, structs.replace(entry, result=ATTEMPTED))
    member.active = False
    await member.commit()
    await _undo_a_gap(actor, before, member, set(), today, audit)
    await audit.record(actor, entry)
    return member


async def found(actor: Principal, member_id: str) -> StaffMember:
    """The official, when every agency of theirs is within the administrator's reach.

    Raises:
        StaffMemberNotFound.
    """
    reach = below(actor.where(ADMINISTRATOR), await parents())
    member = await StaffMember.find_one({"_id": {"$eq": member_id}, **within(reach)})
    if member is None:
        raise StaffMemberNotFound
    return member


def within(reach: Iterable[str]) -> dict[str, Any]:
    """The filter of officials all of whose agencies are among these, and who have one."""
    return {"agencies": {"$not": {"$elemMatch": {"$nin": [*reach]}}}, "agencies.0": {"$exists": True}}


async def _check(actor: Principal, who: Listed, today: date) -> None:
    tree = await parents()
    named = await Agency.find({"_id": {"$in": [*who.agencies]}}).to_list()
    if wrong := [*problems(who, [agency.id for agency in named if agency.exists_on(today)])]:
        raise Invalid(errors=[FieldError("", "invalid", why) for why in wrong])
    if not below(actor.where(ADMINISTRATOR), tree).issuperset(who.agencies):
        raise OutsideYourAgencies


async def _refuse_gap(member: StaffMember, kept: set[tuple[str, str]], today: date) -> None:
    if not member.active:
        return
    living = [agency async for agency in Agency.find({"_id": {"$in": member.agencies}}) if agency.exists_on(today)]
    held = [(agency.id, role) for agency in living for role in INDISPENSABLE if (agency.id, role) in member.held()]
    lost = [pair for pair in held if pair not in kept]
    others = StaffMember.find({"_id": {"$ne": member.id}, "active": True, "agencies": {"$in": member.agencies}})
    if gaps := uncovered(lost, [other.held() async for other in others]):
        raise LastOfTheirRole(errors=[FieldError("/roles", "last", f"{agency}: {role}") for agency, role in gaps])


async def _undo_a_gap(
    actor: Principal, before: StaffMember, after: StaffMember, kept: set[tuple[str, str]], today: date, audit: Audit
) -> None:
    """Look once more when it is written: two who leave at the same moment each saw the other still there.

    Then both come back; whoever asks again first may go.
    """
    try:
        await _refuse_gap(before, kept, today)
    except LastOfTheirRole:
        before.version = after.version
        await before.commit()
        entry = AuditEntry(action="staff.roles_changed", object=f"staff:{before.id}", result=REFUSED)
        await audit.record(actor, entry)
        raise
