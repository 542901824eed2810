"""Dossiers themselves: one struct per audience."""

from datetime import date, datetime
from typing import Annotated, get_args

import msgspec
from litestar.datastructures import UploadFile
from msgspec import UNSET, Meta, UnsetType

from backend.dossiers.rating import REASONS, ReasonForRating
from backend.dossiers.states import STATUSES, ClockEffect
from kernel.http.problems import ProblemView
from kernel.http.schemas import Body, View

Short = Annotated[str, Meta(min_length=1, max_length=200)]
Long = Annotated[str, Meta(max_length=4_000)]
# Open lists: known today; a reader has to live with more (R-C7).
StatusName = Annotated[str, Meta(examples=list(STATUSES))]
ClockWord = Annotated[str, Meta(examples=list(get_args(ClockEffect)))]
OutcomeWord = Annotated[str, Meta(examples=["applied", "irregular", "duplicate", "invalid"])]


class AgencyRef(View, frozen=True, kw_only=True):
    """An agency by its code, with the name it has now."""

    code: str
    name: str


class StatusView(View, frozen=True, kw_only=True):
    """One of the ten national statuses. Treat an unknown `name` as "in process": more may come."""

    name: StatusName
    code: int
    label: str
    clock: ClockWord


class DossierSummary(View, frozen=True, kw_only=True):
    """A dossier in a list."""

    id: str
    code: str
    procedure_code: str
    procedure_name: str
    status: StatusView
    status_at: datetime
    deciding_agency: AgencyRef
    has_result: bool
    version: int
    due_at: datetime | UnsetType = UNSET
    overdue: bool = False


class DossierCopy(View, frozen=True, kw_only=True):
    """A dossier as a phone keeps it: what a list and the head of a page need, offline.

    Whether it is overdue the phone tells from `dueAt` and the status's `clock`: a copy that says so would be wrong a day later.
    """

    id: str
    code: str
    procedure_code: str
    procedure_name: str
    status: StatusView
    status_at: datetime
    receiving_agency: AgencyRef
    deciding_agency: AgencyRef
    has_result: bool
    version: int
    accepted_at: datetime | UnsetType = UNSET
    due_at: datetime | UnsetType = UNSET
    finished_at: datetime | UnsetType = UNSET


class DossierPage(View, frozen=True, kw_only=True):
    """One page of dossiers, the latest change first."""

    items: list[DossierSummary]
    next_cursor: str | UnsetType = UNSET


class TimelineItem(View, frozen=True, kw_only=True):
    """One thing that happened to a dossier."""

    status: StatusView
    at: datetime
    agency: AgencyRef | UnsetType = UNSET
    note: str | UnsetType = UNSET
    irregular: bool = False


class ResultView(View, frozen=True, kw_only=True):
    """The result file: compare `sha256` (lower-case hex) with what you downloaded."""

    name: str
    media_type: str
    size: int
    sha256: str
    published_at: datetime
    href: str


class AllowedAction(View, frozen=True, kw_only=True):
    """A step the caller may take now."""

    name: str
    label: str
    to: StatusName
    needs_reason: bool


class SupplyItemView(View, frozen=True, kw_only=True):
    """One missing paper, by its number in the request; `files` are the ids of what came for it."""

    number: int
    text: str
    files: list[str]
    supplied_at: datetime | UnsetType = UNSET


class SupplementView(View, frozen=True, kw_only=True):
    """A request for papers (form 02). While it is open its items can be supplied."""

    number: int
    at: datetime
    reason: str
    items: list[SupplyItemView]
    respond_by: datetime | UnsetType = UNSET
    supplied_at: datetime | UnsetType = UNSET


class RatingReason(View, frozen=True, kw_only=True):
    """A standard reason for a rating. Treat an unknown `code` as its `label`: more may come."""

    code: Annotated[str, Meta(examples=list(REASONS))]
    label: str


class DossierRatingView(View, frozen=True, kw_only=True):
    """How the citizen found it, one to five stars. Until `editableUntil` another rating takes its place."""

    stars: int
    reasons: list[RatingReason]
    at: datetime
    editable_until: datetime
    text: str | UnsetType = UNSET


class DossierView(DossierSummary, frozen=True, kw_only=True):
    """A dossier with everything its citizen may know."""

    submit_channel: str
    receiving_agency: AgencyRef
    timeline: list[TimelineItem]
    allowed_actions: list[AllowedAction]
    supplements: list[SupplementView]
    accepted_at: datetime | UnsetType = UNSET
    finished_at: datetime | UnsetType = UNSET
    result: ResultView | UnsetType = UNSET
    rating: DossierRatingView | UnsetType = UNSET
    may_rate: bool = False
    """Has it ended, so that its citizen can rate it? Once rated: until `rating.editableUntil`."""


class StaffDossierSummary(DossierSummary, frozen=True, kw_only=True):
    """A dossier in a staff list."""

    applicant_name: str


class StaffDossierPage(View, frozen=True, kw_only=True):
    """One page of the dossiers of the caller's agencies."""

    items: list[StaffDossierSummary]
    next_cursor: str | UnsetType = UNSET


class StaffDossierView(DossierView, frozen=True, kw_only=True):
    """A dossier as staff of its agencies see it. `warnings` tell what the figures will say of it."""

    applicant_name: str
    warnings: list[str]


class Applicant(Body, frozen=True, kw_only=True):
    """Whose dossier it is. The personal number is used to find the citizen and is not kept."""

    personal_number: Annotated[str, Meta(min_length=9, max_length=20)]
    name: Short


class CreateDossier(Body, frozen=True, kw_only=True):
    """The desk takes a dossier in."""

    procedure_code: Short
    applicant: Applicant
    receiving_agency: Short
    deciding_agency: Short


class TakeStep(Body, frozen=True, kw_only=True):
    """A step of the table, by its name; `reason` where the step needs one.

    A request for papers names every missing `item`, and until when the citizen should answer.
    """

    action: Short
    reason: Long | None = None
    items: Annotated[list[Short], Meta(max_length=30)] = []
    respond_by: date | None = None


class SuppliedItem(Body, frozen=True, kw_only=True):
    """For the item of this number: finished uploads, by their ids."""

    number: Annotated[int, Meta(ge=1, le=30)]
    uploads: Annotated[list[Short], Meta(min_length=1, max_length=20)]


class SupplyPapers(Body, frozen=True, kw_only=True):
    """What is missing, item by item; the rest may follow later."""

    items: Annotated[list[SuppliedItem], Meta(min_length=1, max_length=30)]


class AskWithdrawal(Body, frozen=True, kw_only=True):
    """Why the citizen takes the dossier back."""

    reason: Annotated[str, Meta(min_length=1, max_length=1_000)]


class RateDossier(Body, frozen=True, kw_only=True):
    """How it went with this dossier."""

    stars: Annotated[int, Meta(ge=1, le=5)]
    reasons: Annotated[list[ReasonForRating], Meta(max_length=9)] = []
    text: Annotated[str, Meta(max_length=1_000)] = ""


class PublishResult(Body, frozen=True, kw_only=True):
    """The form with the result file: PDF, PNG or JPEG, 20 MiB at most."""

    file: UploadFile = msgspec.field(name="data")


class SourceApplicant(Body, frozen=True, kw_only=True):
    """The applicant as the source system knows them."""

    personal_number: str | None = None
    name: str = ""


class DossierEvent(Body, frozen=True, kw_only=True):
    """One event of a source system. Its content is checked one by one, so that a broken event never stops the others."""

    source: str
    event_id: str
    dossier_code: str
    status: Annotated[str, Meta(description="Name of one of the ten national statuses.")]
    at: Annotated[str, Meta(description="When it happened, RFC 3339 with zone.")]
    procedure_code: str = ""
    procedure_name: str = ""
    applicant: SourceApplicant = msgspec.field(default_factory=SourceApplicant)
    receiving_agency: str = ""
    deciding_agency: str = ""
    submit_channel: str = "counter"
    due_at: str | None = None
    note: str | None = None


class DossierEventBatch(Body, frozen=True, kw_only=True):
    """Up to 1,000 events, in any order."""

    events: Annotated[list[DossierEvent], Meta(min_length=1, max_length=1_000)]


class DossierEventOutcome(View, frozen=True, kw_only=True):
    """What became of one event: `applied`, `irregular`, `duplicate` or `invalid`."""

    event_id: str
    outcome: OutcomeWord
    dossier_id: str | UnsetType = UNSET
    problem: ProblemView | UnsetType = UNSET


class DossierEventOutcomes(View, frozen=True, kw_only=True):
    """The answers, in the order of the events."""

    results: list[DossierEventOutcome]
    applied: int
    irregular: int
    duplicate: int
    invalid: int
