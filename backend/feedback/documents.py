"""What is stored of a report, and, apart from it, what staff write to each other about it."""

from datetime import UTC, datetime
from typing import Any, ClassVar, Literal

from beanie.odm.fields import IndexModelField
from pydantic import BaseModel, ConfigDict
from pymongo import ASCENDING, DESCENDING, GEOSPHERE, IndexModel

from backend.feedback import sla, states
from backend.feedback.sla import Promise, Terms
from kernel.calendar import Calendar
from kernel.errors import Forbidden
from kernel.mongo.document import Stored
from kernel.mongo.files import StoredFile
from kernel.mongo.on_record import OnRecord
from kernel.principal import Principal
from kernel.privacy.field import PersonalText, PersonName, Phone, Place

# A report whose clock does not run waits for nobody: it stands at the end of every queue.
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
# Who works at the desk through which an agency receives and passes on.
DESK_ROLES = frozenset({"dispatcher", "approver"})
# What of a report the audit tells before and after, beside its steps.
TOLD = (
    *("kind", "category", "urgency", "commune", "state", "desk", "suggested_agency", "agency", "assignee", "due_at", "round"),
    *("merged_into", "escalated_why", "text", "landmark", "reporter_name", "reporter_phone"),
)


class TimelineEntry(BaseModel, frozen=True):
    """One step that was taken, and the state it led to. Every word in it is meant for its citizen.

    `officer` is the name of an official in office: somebody with a name answers. `why_no_picture` stands where evidence is missing.
    `operation` is the name of the write that took the step, by which a repetition finds that it has been taken.
    """

    model_config = ConfigDict(hide_input_in_errors=True)

    at: datetime
    move: str
    state: str
    by: Literal["citizen", "staff", "clock"]
    round: int
    agency: str | None = None
    actor: str | None = None
    officer: str | None = None
    code: str | None = None
    text: PersonalText | None = None
    why_no_picture: PersonalText | None = None
    uploads: list[str] = []
    operation: str | None = None


class AttachedFile(BaseModel, frozen=True):
    """A file that came as an upload; what it belongs to, the report, a reply or an answer, names it by the upload's id."""

    model_config = ConfigDict(hide_input_in_errors=True)

    upload: str
    file: StoredFile


class Point(BaseModel, frozen=True):
    """A place as MongoDB looks it up (RFC 7946, 3.1.2): longitude and latitude, as coarse as the public may know it."""

    type: Literal["Point"] = "Point"
    coordinates: tuple[float, float]


class Public(BaseModel, frozen=True):
    """What everybody may read of a report: in an officer's words, from which whoever sent it cannot be told."""

    text: str
    at: datetime
    by: str


class Draft(BaseModel, frozen=True):
    """An answer that waits to be approved by somebody other than `author`."""

    model_config = ConfigDict(hide_input_in_errors=True)

    at: datetime
    author: str
    officer: str
    text: PersonalText
    why_no_picture: PersonalText | None = None
    uploads: list[str] = []


class Rating(BaseModel, frozen=True):
    """How the citizen found the answer of a round."""

    model_config = ConfigDict(hide_input_in_errors=True)

    round: int
    at: datetime
    liked: bool
    stars: int | None = None
    reasons: list[str] = []
    text: PersonalText | None = None
    may_call: bool = False
    operation: str | None = None


class Feedback(OnRecord):
    """A report (phản ánh, kiến nghị).

    `reporter` is the data subject; name and phone are kept apart from it and only where they were given. `place` is latitude,
    longitude and accuracy in metres, as text. `uploads` came with the report, `files` are all its files, of whatever origin.
    `spot` is the place as everybody may know it, `public` what they may read. `desk` is the agency that receives and passes on,
    `agency` the one that answers.
    `due_at` is when the promise that runs now falls due, `queue_at` the same for sorting, `times_out_at` when the clock moves on.
    """

    emits_events: ClassVar[bool] = True
    code: str
    follow_secret: PersonalText | None = None
    follow_hash: bytes | None = None
    client_id: str | None = None
    reporter: str | None = None
    erased_at: datetime | None = None
    anonymous_to_staff: bool = False
    reporter_name: PersonName | None = None
    reporter_phone: Phone | None = None

    kind: str
    category: str
    urgency: str
    text: PersonalText
    landmark: PersonalText | None = None
    place: Place | None = None
    spot: Point | None = None
    public: Public | None = None
    commune: str | None = None
    uploads: list[str] = []
    files: list[AttachedFile] = []
    observed_at: datetime | None = None
    received_at: datetime
    updated_at: datetime

    definition: int = states.DEFINITION
    state: str
    state_at: datetime
    open: bool = True
    desk: str
    suggested_agency: str
    agency: str | None = None
    assignee: str | None = None
    officer: str | None = None
    seen_by: list[str] = []
    nobody_on_duty: bool = False
    escalated_at: datetime | None = None
    escalated_why: str | None = None

    round: int = 1
    reopenings: int = 0
    promises: list[Promise] = []
    due_at: datetime | None = None
    queue_at: datetime = NEVER
    times_out_at: datetime | None = None

    timeline: list[TimelineEntry] = []
    draft: Draft | None = None
    ratings: list[Rating] = []
    merged_into: str | None = None
    followers: list[str] = []

    class Settings:
        name = "feedback"
        indexes: ClassVar[list[IndexModelField | IndexModel]] = [
            IndexModel([("code", ASCENDING)], unique=True),
            IndexModel([("reporter", ASCENDING), ("updated_at", DESCENDING), ("_id", DESCENDING)]),
            IndexModel([("seen_by", ASCENDING), ("open", ASCENDING), ("queue_at", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("seen_by", ASCENDING), ("state", ASCENDING), ("queue_at", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("times_out_at", ASCENDING)], partialFilterExpression={"times_out_at": {"$exists": True}}),
            IndexModel([("due_at", ASCENDING)], partialFilterExpression={"due_at": {"$exists": True}}),
            IndexModel([("followers", ASCENDING)]),
            IndexModel([("spot", GEOSPHERE), ("open", ASCENDING)], partialFilterExpression={"spot": {"$exists": True}}),
            IndexModel([("received_at", DESCENDING)], name="public", partialFilterExpression={"public.at": {"$exists": True}}),
            IndexModel([("updated_at", DESCENDING)], name="public_steps", partialFilterExpression={"public.at": {"$exists": True}}),
            IndexModel([("merged_into", ASCENDING)], partialFilterExpression={"merged_into": {"$exists": True}}),
        ]

    def facts(self) -> dict[str, Any]:
        """What an act can change of it, as the audit tells it; what is personal is sealed, or on its way to be.

        Without the place: a citizen may take back the exact one, and no ciphertext of it is to be left in the trail.
        """
        steps: dict[str, Any] = {}
        for number, entry in enumerate(self.timeline):
            steps[f"timeline.{number}"] = f"{entry.move} {entry.at.isoformat()}"
            said = {
                "code": entry.code,
                "text": entry.text,
                "why_no_picture": entry.why_no_picture,
                "uploads": entry.uploads or None,
            }
            steps |= {f"timeline.{number}.{name}": value for name, value in said.items()}
        for rating in self.ratings:
            steps[f"rating.{rating.round}"] = f"{'liked' if rating.liked else 'not liked'} {rating.stars or '-'}"
            steps[f"rating.{rating.round}.text"] = rating.text
        steps["public.text"] = self.public.text if self.public else None
        drafted = {"draft.text": self.draft.text, "draft.author": self.draft.author} if self.draft else {}
        return {**{name: getattr(self, name) for name in TOLD}, **steps, **drafted}

    def data_subject(self) -> str:
        """The reporter. What is written after their erasure is sealed under a key of the report's own."""
        return self.reporter or own_subject(self.id)

    @property
    def terms(self) -> Terms:
        """What its promises are counted by."""
        return Terms(kind=self.kind, urgency=self.urgency, received_at=self.received_at)

    def enter(self, entry: TimelineEntry, calendar: Calendar, *, why: sla.Why = "dispatched") -> None:
        """Take an entry into the timeline: the report is in its state now, and the promises are as the table has them there.

        Raises:
            NoLimitKnown, UnknownYear.
        """
        state = states.STATES[entry.state]
        self.promises = sla.on_entering(state.name, self.promises, self.terms, entry.at, calendar, why=why, round_=self.round)
        self.timeline = [*self.timeline, entry]
        self.state, self.state_at, self.updated_at, self.open = state.name, entry.at, entry.at, state.is_open
        self.times_out_at = entry.at + state.times_out.after if state.times_out else None
        self.draft = self.draft if state.name == states.SUBMITTED else None
        self.public = None if state.name in states.NEVER_PUBLIC else self.public
        self.settle()

    def has_taken(self, operation: str | None) -> bool:
        """Has this write been done already, and only its answer was lost?"""
        return operation is not None and operation in [
            *(step.operation for step in self.timeline),
            *(rating.operation for rating in self.ratings),
        ]

    @property
    def sent_by_citizen(self) -> set[str]:
        """The uploads that came from its citizen."""
        replies = [upload for entry in self.timeline if entry.by == "citizen" for upload in entry.uploads]
        return {*self.uploads, *replies}

    def settle(self) -> None:
        """Derive what is looked up by: when it is due, and who sees it."""
        running = sla.running(self.state, self.promises)
        self.due_at = running.due_at if running else None
        self.queue_at = self.due_at or NEVER
        self.seen_by = [at_desk(self.desk), *([self.agency] if self.agency else [])]


def own_subject(feedback_id: str) -> str:
    """The data subject of a report whose reporter has been erased."""
    return f"feedback:{feedback_id}"


def at_desk(agency: str) -> str:
    """How a report is marked that lies at this agency's desk."""
    return f"desk:{agency}"


def visible_to(actor: Principal) -> dict[str, Any]:
    """The filter that every read and every write of a report carries: what lies outside it does not exist (SEC-43).

    An agency sees what it was given; what its desk receives for others, only those who work at the desk.

    Raises:
        Forbidden: this kind of caller has no reports at all.
    """
    if actor.kind == "citizen":
        return {"reporter": {"$eq": actor.recipient}}
    if actor.kind == "staff":
        desks = [at_desk(agency) for agency in actor.where(*DESK_ROLES)]
        return {"seen_by": {"$in": sorted([*actor.agencies, *desks])}}
    raise Forbidden


class StaffNote(Stored):
    """What staff write to each other about a report: a thing of its own, which nothing a citizen reads is made from."""

    feedback: str
    subject: str | None = None
    at: datetime
    author: str
    officer: str
    agency: str | None = None
    text: PersonalText

    class Settings:
        name = "feedback_notes"
        indexes: ClassVar[list[IndexModelField | IndexModel]] = [
            IndexModel([("feedback", ASCENDING), ("at", ASCENDING)]),
            IndexModel([("subject", ASCENDING)]),
        ]

    def data_subject(self) -> str:
        """A note about a report is sealed as the report is: gone with its reporter."""
        return self.subject or own_subject(self.feedback)
