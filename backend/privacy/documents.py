"""What is stored of consents, requests for erasure, exports and breaches. Free text about a citizen is sealed like any other."""

from datetime import datetime
from typing import Any, ClassVar, Literal

from beanie.odm.fields import IndexModelField
from pydantic import BaseModel
from pymongo import ASCENDING, DESCENDING, IndexModel

from backend.privacy import states
from kernel.machine import Move
from kernel.mongo.document import Stored
from kernel.mongo.files import StoredFile
from kernel.privacy.field import PersonalText

# `open` is true or absent, so a unique index over it holds only what is open: one at a time for each citizen.
ONE_OPEN = IndexModel([("subject", ASCENDING)], name="one_open", unique=True, partialFilterExpression={"open": {"$exists": True}})


class Consent(Stored):
    """One decision on one purpose. Rows are only ever added: the latest one counts, the others are the evidence.

    `number` counts a citizen's decisions on a purpose, because two devices may decide within one millisecond.
    """

    subject: str
    purpose: str
    number: int
    granted: bool
    text_version: str
    at: datetime
    channel: str | None = None

    class Settings:
        name = "consents"
        indexes: ClassVar[list[IndexModelField | IndexModel]] = [
            IndexModel([("subject", ASCENDING), ("purpose", ASCENDING), ("number", DESCENDING)], unique=True),
            IndexModel([("at", ASCENDING)]),
        ]

    def data_subject(self) -> str:
        return self.subject

    @classmethod
    async def latest(cls, subject: str, purpose: str) -> dict[str, Any] | None:
        """What the citizen decided last on this purpose, if anything."""
        wanted = {**mine(subject), "purpose": {"$eq": purpose}}
        return await cls.get_pymongo_collection().find_one(wanted, sort=[("number", DESCENDING)])


class Passed(BaseModel, frozen=True):
    """A state the request came into, when, and by whom."""

    state: str
    at: datetime
    by: str


class Step(BaseModel, frozen=True):
    """A step of the erasure that has been done, and how many documents it touched."""

    name: str
    at: datetime
    touched: int


class ErasureRequest(Stored):
    """A citizen asks for everything about them to be erased. `steps` is how far the saga has come, so that it can go on there."""

    subject: str
    state: str = states.REQUESTED
    open: Literal[True] | None = None
    requested_at: datetime
    acknowledge_by: datetime
    due_by: datetime
    waits_until: datetime | None = None
    extended_at: datetime | None = None
    extension_reason: PersonalText | None = None
    reason: PersonalText | None = None
    open_cases: list[str] = []
    closed_at: datetime | None = None
    history: list[Passed] = []
    steps: list[Step] = []

    class Settings:
        name = "erasure_requests"
        indexes: ClassVar[list[IndexModelField | IndexModel]] = [
            ONE_OPEN,
            IndexModel([("subject", ASCENDING), ("requested_at", DESCENDING)]),
            IndexModel([("state", ASCENDING), ("requested_at", DESCENDING), ("_id", DESCENDING)]),
            IndexModel([("requested_at", DESCENDING), ("_id", DESCENDING)]),
        ]

    def data_subject(self) -> str:
        return self.subject

    def facts(self) -> dict[str, Any]:
        """What an act can change of it, as the audit tells it."""
        told = ("state", "acknowledge_by", "due_by", "waits_until", "extension_reason", "reason")
        return {name: getattr(self, name) for name in told}

    def pass_to(self, move: Move, *, now: datetime, by: str) -> None:
        """Take a move of the table, and write down that it was taken."""
        self.state = move.target
        self.history = [*self.history, Passed(state=move.target, at=now, by=by)]
        if move.target in states.ENDS:
            self.open, self.closed_at = None, now


class Export(Stored):
    """Everything about one citizen in one archive. Without `file` the archive's key is gone, and so is the archive.

    `bytes_in` is where its bytes lie, until a job has removed them too.
    """

    subject: str
    state: str = states.QUEUED
    open: Literal[True] | None = None
    requested_at: datetime
    due_by: datetime | None = None
    leased_until: datetime | None = None
    attempts: int = 0
    file: StoredFile | None = None
    bytes_in: str | None = None
    expires_at: datetime | None = None
    taken_at: datetime | None = None

    class Settings:
        name = "exports"
        indexes: ClassVar[list[IndexModelField | IndexModel]] = [
            ONE_OPEN,
            IndexModel([("subject", ASCENDING), ("requested_at", DESCENDING)]),
            IndexModel([("state", ASCENDING), ("requested_at", ASCENDING)]),
            IndexModel([("bytes_in", ASCENDING)], partialFilterExpression={"bytes_in": {"$exists": True}}),
        ]

    def data_subject(self) -> str:
        return self.subject


class Breach(Stored):
    """One personal data breach, from its detection to its notice. Written by the operator, about events and not about persons."""

    detected_at: datetime
    notify_by: datetime
    what: str
    happened: str = ""
    categories: list[str] = []
    people: int | None = None
    consequence: str = ""
    measures: str = ""
    contact: str = ""
    notified_at: datetime | None = None

    class Settings:
        name = "breaches"
        indexes: ClassVar[list[IndexModelField | IndexModel]] = [IndexModel([("detected_at", DESCENDING)])]


def mine(subject: str) -> dict[str, Any]:
    """The filter of everything that belongs to one citizen."""
    return {"subject": {"$eq": subject}}
