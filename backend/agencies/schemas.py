"""What the directory takes and answers."""

from datetime import date
from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from backend.agencies.listed import MAX_NAME, MAX_UNIT, Listed
from backend.agencies.roles import Role
from kernel.http.schemas import Body, View
from kernel.text import clean

Name = Annotated[str, Meta(min_length=1, max_length=MAX_NAME)]
Code = Annotated[str, Meta(min_length=1, max_length=32)]
Unit = Annotated[str, Meta(min_length=1, max_length=MAX_UNIT)]
Codes = Annotated[list[Code], Meta(min_length=1, max_length=50)]
Roles = Annotated[list[Role], Meta(max_length=7)]


class PostBody(Body, frozen=True, kw_only=True):
    """What somebody is at one of their agencies."""

    agency_code: Code
    roles: Roles


class PostView(View, frozen=True, kw_only=True):
    """The same, as it is."""

    agency_code: str
    roles: list[str]


class ChangeStaff(Body, frozen=True, kw_only=True):
    """What somebody may do from now on; it replaces what stood before."""

    name: Name
    agency_codes: Codes
    """Not `agencies`: a body's field of the name of a dependency makes Litestar take the caller's mistake for its own (a 500)."""
    roles: Roles
    posts: Annotated[list[PostBody], Meta(min_length=1, max_length=50)] | UnsetType = UNSET
    """Where the roles are not the same at all agencies: which hold where. What is not said here at one of `agencyCodes` is none."""
    unit: Unit | UnsetType = UNSET

    def listed(self, email: str) -> Listed:
        """As the directory reads it."""
        unit = None if self.unit is UNSET else clean(str(self.unit))
        posts = () if self.posts is UNSET else tuple((post.agency_code, tuple(post.roles)) for post in self.posts)
        return Listed(
            email=email.casefold(),
            name=clean(self.name),
            agencies=tuple(self.agency_codes),
            roles=tuple(self.roles),
            unit=unit,
            posts=posts,
        )


class EnrolStaff(ChangeStaff, frozen=True, kw_only=True):
    """Somebody new, by the address of their official mail account."""

    email: Annotated[str, Meta(min_length=3, max_length=254)]


class CloseAgency(Body, frozen=True, kw_only=True):
    """When an agency ends, and which takes its place."""

    valid_to: date
    """The first day on which it is not there."""
    successor: Code


class NameUnits(Body, frozen=True, kw_only=True):
    """The units of an agency, in their order."""

    units: Annotated[list[Unit], Meta(max_length=100)]


class ChoosePapers(Body, frozen=True, kw_only=True):
    """In which form an agency wants what citizens supply."""

    pictures_as_pdf: bool
    """A photo as a PDF of one sheet of A4, for an archive that takes paper only; otherwise as it was checked."""


class StaffMemberView(View, frozen=True, kw_only=True):
    """An official in the directory."""

    id: str
    email: str
    name: str
    agency_codes: list[str]
    roles: list[str]
    posts: list[PostView] | UnsetType = UNSET
    unit: str | UnsetType = UNSET
    active: bool


class StaffPage(View, frozen=True, kw_only=True):
    """A page of the directory, by address."""

    items: list[StaffMemberView]
    next_cursor: str | UnsetType = UNSET


class AgencyView(View, frozen=True, kw_only=True):
    """An agency as its administrators see it."""

    code: str
    name: str
    kind: str
    parent: str | UnsetType = UNSET
    units: list[str]
    pictures_as_pdf: bool
    """Are photos that citizens supply handed over as PDF?"""
    valid_from: str
    valid_to: str | UnsetType = UNSET
    successor: str | UnsetType = UNSET
    missing_roles: list[Role]
    """Of the roles no agency can do without, those nobody has here."""


class AgencyList(View, frozen=True, kw_only=True):
    """The agencies within the administrator's reach, by code. There are a few hundred at most."""

    items: list[AgencyView]
    next_cursor: str | UnsetType = UNSET
