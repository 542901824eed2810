"""Agencies and officials as administrators see them."""

from msgspec import UNSET

from backend.agencies.documents import Agency, StaffMember
from backend.agencies.roles import Role
from backend.agencies.schemas import AgencyView, PostView, StaffMemberView


def member_view(member: StaffMember) -> StaffMemberView:
    """An official."""
    return StaffMemberView(
        id=member.id,
        email=member.email,
        name=member.name,
        agency_codes=member.agencies,
        roles=member.roles,
        posts=[PostView(agency_code=post.agency, roles=post.roles) for post in member.posts] or UNSET,
        unit=member.unit or UNSET,
        active=member.active,
    )


def agency_view(agency: Agency, missing: list[Role]) -> AgencyView:
    """An agency; `missing` are the indispensable roles nobody has there."""
    return AgencyView(
        code=agency.id,
        name=agency.name,
        kind=agency.kind,
        parent=agency.parent or UNSET,
        units=agency.units,
        pictures_as_pdf=agency.pictures_as_pdf,
        valid_from=agency.valid_from,
        valid_to=agency.valid_to or UNSET,
        successor=agency.successor or UNSET,
        missing_roles=missing,
    )
