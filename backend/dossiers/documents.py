"""What is stored of a dossier."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any, ClassVar

from beanie.odm.fields import IndexModelField
from pydantic import BaseModel, ConfigDict, PrivateAttr
from pymongo import ASCENDING, DESCENDING, IndexModel

from backend.dossiers import due, fold
from kernel.audit import Change, changed
from kernel.deadline import Extension, Term, Unit
from kernel.errors import Forbidden
from kernel.mongo.document import Stored
from kernel.mongo.files import StoredFile
from kernel.principal import Principal
from kernel.privacy.field import PersonalText, PersonName
from kernel.working_time import WorkingTime


class TimelineEntry(BaseModel, frozen=True):
    """One thing that happened, told by a source system or done by staff. `key` names it once and for all: source and event id."""

    model_config = ConfigDict(hide_input_in_errors=True)

    key: str
    at: datetime
    recorded_at: datetime
    status: str
    source: str
    agency: str | None = None
    actor: str | None = None
    note: PersonalText | None = None
    due_at: datetime | None = None
    irregular: bool = False


class Promise(BaseModel, frozen=True):
    """What was promised at the acceptance, and by what: the term, the procedure at its version and decision, the calendar.

    `cutoff` (HH:MM, Vietnamese time): what came later that day counts as of the next working day.
    """

    amount: int
    unit: Unit
    procedure: str
    procedure_version: int
    decision: str = ""
    calendar: str
    cutoff: str | None = None

    @property
    def term(self) -> Term:
        return Term(self.amount, self.unit)

    @property
    def closes(self) -> time | None:
        return time.fromisoformat(self.cutoff) if self.cutoff else None


class Prolonged(BaseModel, frozen=True):
    """A new date, decided by an approver, with the paper that says so (form 04). `step` names the act once and for all."""

    model_config = ConfigDict(hide_input_in_errors=True)

    step: str
    at: datetime
    before: datetime
    until: datetime
    document: str
    reason: PersonalText
    actor: str


class SupplyItem(BaseModel, frozen=True):
    """One paper that is missing, and what the citizen sent for it."""

    model_config = ConfigDict(hide_input_in_errors=True)

    text: PersonalText
    files: list[StoredFile] = []
    supplied_at: datetime | None = None


class Supplement(BaseModel, frozen=True):
    """A request for papers (form 02): everything that is missing, why, and until when. Its number is its place in the list."""

    model_config = ConfigDict(hide_input_in_errors=True)

    step: str
    at: datetime
    reason: PersonalText
    items: list[SupplyItem]
    respond_by: datetime | None = None
    actor: str
    supplied_at: datetime | None = None


class DossierRating(BaseModel, frozen=True):
    """How the citizen found it. `at` is when it was given first: for how long it may be changed counts from then."""

    model_config = ConfigDict(hide_input_in_errors=True)

    at: datetime
    changed_at: datetime | None = None
    stars: int
    reasons: list[str] = []
    text: PersonalText | None = None


def own_subject(dossier_id: str) -> str:
    """The data subject of a dossier whose citizen is not known."""
    return f"dossier:{dossier_id}"


class Dossier(Stored):
    """A dossier (hồ sơ): one case of one citizen.

    Three places, since any commune may take any dossier (Decree 118/2025): where it was received and where it is decided.
    `applicant` is the data subject (kernel.privacy.subjects) once a personal number is known; the number itself is not kept.
    `name_tokens` are keyed hashes of the beginnings of the name's words, so that staff find it by typing.
    Once `erased_at` is set, what a source system tells of the applicant is not taken again.
    """

    emits_events: ClassVar[bool] = True

    code: str
    procedure_code: str
    procedure_name: str
    applicant: str | None = None
    applicant_name: PersonName | None = None
    name_tokens: list[bytes] = []
    erased_at: datetime | None = None
    receiving_agency: str
    deciding_agency: str
    submit_channel: str = "counter"
    status: str
    status_at: datetime
    accepted_at: datetime | None = None
    promise: Promise | None = None
    prolonged: list[Prolonged] = []
    supplements: list[Supplement] = []
    due_at: datetime | None = None
    finished_at: datetime | None = None
    updated_at: datetime
    source_updated_at: datetime | None = None
    timeline: list[TimelineEntry]
    result: StoredFile | None = None
    rating: DossierRating | None = None
    search: list[str] = []
    _was: dict[str, Any] = PrivateAttr(default_factory=dict)

    class Settings:
        name = "dossiers"
        indexes: ClassVar[list[IndexModelField | IndexModel]] = [
            IndexModel([("code", ASCENDING)], unique=True),
            # Unique across dossiers: one source event can only ever have happened to one of them.
            IndexModel([("timeline.key", ASCENDING)], unique=True),
            IndexModel([("applicant", ASCENDING), ("status_at", DESCENDING), ("_id", DESCENDING)]),
            IndexModel([("deciding_agency", ASCENDING), ("status", ASCENDING), ("due_at", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("receiving_agency", ASCENDING), ("status", ASCENDING), ("due_at", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("search", ASCENDING)]),
            IndexModel([("name_tokens", ASCENDING)]),
        ]

    def data_subject(self) -> str:
        """The citizen; until one is known, the dossier itself, so that a name without a number is sealed too.

        What is written after an erasure is sealed as well, under a key of its own: the others are no more.
        """
        return self.applicant or (f"{own_subject(self.id)}:erased" if self.erased_at else own_subject(self.id))

    def facts(self) -> dict[str, Any]:
        """What an act can change of it, as the audit tells it; what is personal is sealed, or on its way to be."""
        own = ("status", "due_at", "procedure_code", "procedure_name", "applicant", "applicant_name")
        entries = {f"timeline.{entry.key}": f"{entry.status} {entry.at.isoformat()}" for entry in self.timeline}
        notes = {f"timeline.{entry.key}.note": entry.note for entry in self.timeline if entry.note}
        result = {"result.sha256": self.result.sha256, "result.name": self.result.name} if self.result else {}
        places = {name: getattr(self, name) for name in ("receiving_agency", "deciding_agency")}
        return {**{name: getattr(self, name) for name in own}, **places, **entries, **notes, **result}

    def remember(self) -> None:
        """It has just been loaded: this is what it was before the act."""
        self._was = self.facts()

    def changes(self) -> tuple[Change, ...]:
        """What is different since; of a new dossier everything."""
        return changed(self._was, self.facts())

    def tell(self, *entries: TimelineEntry) -> None:
        """Take entries into the timeline and fold it anew. An entry whose key is known already is not taken twice."""
        timeline = list({entry.key: entry for entry in (*reversed(entries), *self.timeline)}.values())
        folded = fold.fold(timeline)
        self.timeline = [entry.model_copy(update={"irregular": entry.key in folded.irregular}) for entry in fold.in_order(timeline)]
        self.status, self.status_at = folded.status, folded.status_at
        self.accepted_at, self.due_at, self.finished_at = folded.accepted_at, folded.due_at, folded.finished_at

    def settle(self, working: WorkingTime) -> None:
        """Say when it is due now, after what was told. A date a source told stands as it was told.

        Raises:
            UnknownYear: the count leaves the years the calendar knows.
        """
        term, cutoff = (self.promise.term, self.promise.closes) if self.promise else (None, None)
        extensions = extensions_of(self.prolonged)
        self.due_at = due.due_at(term, self.accepted_at, self.timeline, working, extensions=extensions, cutoff=cutoff)


class Watch(Stored):
    """A dossier that is to be looked at: whether somebody has to be reminded of it. Its id is the dossier's."""

    look_at: datetime

    class Settings:
        name = "dossier_watches"
        indexes: ClassVar[list[IndexModelField | IndexModel]] = [IndexModel([("look_at", ASCENDING)])]


class Reminder(Stored):
    """Somebody at an agency is reminded of a dossier, once for each moment (backend.dossiers.schedule). Nothing of it is personal.

    One of kind `overdue` is the task to apologise, with the date a draft proposes; done once a new date holds.
    """

    dossier_id: str
    code: str
    agency: str
    kind: str
    roles: list[str]
    at: datetime
    due_at: datetime | None = None
    proposed: datetime | None = None
    done_at: datetime | None = None
    expires_at: datetime

    class Settings:
        name = "dossier_reminders"
        indexes: ClassVar[list[IndexModelField | IndexModel]] = [
            IndexModel([("agency", ASCENDING), ("at", DESCENDING), ("_id", DESCENDING)]),
            IndexModel([("dossier_id", ASCENDING)]),
            IndexModel([("expires_at", ASCENDING)], expireAfterSeconds=0),
        ]


def extensions_of(prolonged: Sequence[Prolonged]) -> list[Extension]:
    """As the count takes them."""
    return [Extension(one.at, one.until, one.document) for one in prolonged]


def visible_to(actor: Principal) -> dict[str, Any]:
    """The filter that every read and every write of a dossier carries: what lies outside it does not exist (SEC-43).

    Raises:
        Forbidden: this kind of caller has no dossiers at all.
    """
    if actor.kind == "citizen":
        return {"applicant": actor.citizen_key or "nobody"}
    if actor.kind == "staff":
        agencies = sorted(actor.agencies)
        return {"$or": [{"deciding_agency": {"$in": agencies}}, {"receiving_agency": {"$in": agencies}}]}
    raise Forbidden
