"""What is stored of consents, requests, exports and breaches. Free text about a citizen is sealed like any other."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, ClassVar, Literal

from beanie.odm.fields import IndexModelField
from pydantic import BaseModel
from pymongo import ASCENDING, DESCENDING, IndexModel

from backend.privacy import states
from backend.privacy.errors import DataRequestNotFound, ErasureNotFound
from kernel.errors import NotFound
from kernel.machine import Machine, Move
from kernel.mongo.document import Stored
from kernel.mongo.files import StoredFile
from kernel.privacy.field import PersonalText

# `open` is true or absent, so a unique index over it holds only what is open: one at a time for each citizen.
ONE_OPEN = IndexModel([("subject", ASCENDING)], name="one_open", unique=True, partialFilterExpression={"open": {"$exists": True}})
ONE_OPEN_OF_A_KIND = IndexModel(
    [("subject", ASCENDING), ("kind", ASCENDING)],
    name="one_open_of_a_kind",
    unique=True,
    partialFilterExpression={"open": {"$exists": True}},
)


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


class DueRequest(Stored):
    """What a citizen asks of their own data, and by when the law wants it answered and done: the one way of every kind."""

    emits_events: ClassVar[bool] = True
    machine: ClassVar[Machine]
    missing: ClassVar[type[NotFound]]
    said: ClassVar[str]
    """How acts on it are called in the audit."""

    subject: str
    kind: str
    state: str = states.REQUESTED
    open: Literal[True] | None = None
    requested_at: datetime
    acknowledge_by: datetime
    due_by: datetime
    extended_at: datetime | None = None
    extension_reason: PersonalText | None = None
    reason: PersonalText | None = None
    closed_at: datetime | None = None
    history: list[Passed] = []

    def data_subject(self) -> str:
        return self.subject

    def named(self) -> str:
        """What it is called in the audit."""
        return f"{self.said.removesuffix('_request')}_request:{self.id}"

    def facts(self) -> dict[str, Any]:
        """What an act can change of it, as the audit tells it."""
        told = ("state", "acknowledge_by", "due_by", "waits_until", "extension_reason", "reason")
        return {name: getattr(self, name) for name in told if hasattr(self, name)}

    def pass_to(self, move: Move, *, now: datetime, by: str) -> None:
        """Take a move of the table, and write down that it was taken."""
        self.state = move.target
        self.history = [*self.history, Passed(state=move.target, at=now, by=by)]
        if move.target in states.ENDS:
            self.open, self.closed_at = None, now

    @classmethod
    def same_open(cls, subject: str, kind: str) -> dict[str, Any]:
        """The filter of the one request of this kind that the citizen can have open."""
        return {**mine(subject), "kind": {"$eq": kind}, "open": {"$exists": True}}


def _queued() -> list[IndexModelField | IndexModel]:
    """By what requests are looked for: one citizen's, one state's, everybody's."""
    return [
        IndexModel([("subject", ASCENDING), ("requested_at", DESCENDING)]),
        IndexModel([("state", ASCENDING), ("requested_at", DESCENDING), ("_id", DESCENDING)]),
        IndexModel([("requested_at", DESCENDING), ("_id", DESCENDING)]),
    ]


class ErasureRequest(DueRequest):
    """A citizen asks for everything about them to be erased. `steps` is how far the saga has come, so that it can go on there."""

    machine = states.ERASURE
    missing = ErasureNotFound
    said = "erasure"

    kind: str = "erasure"
    waits_until: datetime | None = None
    open_cases: list[str] = []
    steps: list[Step] = []

    class Settings:
        name = "erasure_requests"
        indexes: ClassVar[list[IndexModelField | IndexModel]] = [ONE_OPEN, *_queued()]

    @classmethod
    def same_open(cls, subject: str, kind: str) -> dict[str, Any]:  # noqa: ARG003 - older rows say nothing of their kind
        return {**mine(subject), "open": {"$exists": True}}


class DataRequest(DueRequest):
    """A citizen asks for something about them to be put right, restricted, or objects to a purpose, in words of their own."""

    machine = states.RIGHT
    missing = DataRequestNotFound
    said = "data_request"

    wish: PersonalText | None = None
    purpose: str | None = None

    class Settings:
        name = "data_requests"
        indexes: ClassVar[list[IndexModelField | IndexModel]] = [ONE_OPEN_OF_A_KIND, *_queued()]

    @classmethod
    async def restricted(cls, subjects: Collection[str]) -> set[str]:
        """Who of these citizens has the processing of their data restricted (Law 91/2025/QH15).

        A restriction stops what rests on consent, as if each had been withdrawn, but nothing is let go of, so that it comes back
        when the restriction ends: no push leaves through a service abroad, no exact place is taken, no new consent is kept. What
        the state has to do by law goes on (article 19): dossiers, reports, the record of who looked. So does the notice that
        somebody looked, which the citizen had asked for to watch over their data.
        """
        wanted = {"subject": {"$in": list(subjects)}, "state": {"$eq": states.IN_FORCE}}
        return set(await cls.get_pymongo_collection().distinct("subject", wanted)) if subjects else set()


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


class Amendment(BaseModel, frozen=True):
    """What has become known since the entry: only ever added, so that the register shows who knew what when."""

    at: datetime
    field: str
    said: str


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
    amendments: list[Amendment] = []

    class Settings:
        name = "breaches"
        indexes: ClassVar[list[IndexModelField | IndexModel]] = [IndexModel([("detected_at", DESCENDING)])]


def mine(subject: str) -> dict[str, Any]:
    """The filter of everything that belongs to one citizen."""
    return {"subject": {"$eq": subject}}
