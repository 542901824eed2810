"""What is stored of agencies and staff."""

from datetime import date
from typing import ClassVar

from beanie.odm.fields import IndexModelField
from pydantic import BaseModel
from pymongo import ASCENDING, IndexModel

from kernel.mongo.document import Stored


class Agency(Stored):
    """An agency (cơ quan), by its identification code (mã định danh điện tử, Decision 20/2020). Its `id` is that code."""

    name: str
    kind: str
    parent: str | None = None
    valid_from: str
    valid_to: str | None = None
    successor: str | None = None
    units: list[str] = []
    pictures_as_pdf: bool = False
    """Its archive takes paper only: a photo a citizen supplies is handed over as a sheet of A4."""

    class Settings:
        name = "agencies"
        indexes: ClassVar[list[IndexModelField | IndexModel]] = [IndexModel([("parent", ASCENDING)])]

    def exists_on(self, day: date) -> bool:
        """Is the agency there on that day?"""
        return self.valid_from <= day.isoformat() and (self.valid_to is None or day.isoformat() < self.valid_to)


class Post(BaseModel, frozen=True):
    """What somebody is at one agency."""

    agency: str
    roles: list[str]


class StaffMember(Stored):
    """An official, found by the address of the official mail account they sign in with.

    `roles` hold at each of `agencies`, unless there are `posts`: then those say which hold where, and the two are all of them.
    """

    email: str
    name: str
    agencies: list[str]
    roles: list[str]
    posts: list[Post] = []
    unit: str | None = None
    active: bool = True

    class Settings:
        name = "staff_members"
        indexes: ClassVar[list[IndexModelField | IndexModel]] = [IndexModel([("email", ASCENDING)], unique=True)]

    def held(self) -> set[tuple[str, str]]:
        """The (agency, role) pairs they have."""
        if self.posts:
            return {(post.agency, role) for post in self.posts for role in post.roles}
        return {(agency, role) for agency in self.agencies for role in self.roles}


class SeedAgency(BaseModel, frozen=True):
    """One row of the shipped catalogue."""

    code: str
    name: str
    kind: str
    parent: str | None
    valid_from: str
