"""What a citizen sends and reads about a report of theirs."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from backend.feedback.schemas.shared import (
    Code,
    CodedLabel,
    FeedbackAction,
    FeedbackFile,
    FeedbackPlace,
    FeedbackPromise,
    FeedbackRating,
    FeedbackState,
    FeedbackStep,
    UploadIds,
    Urgency,
    Words,
)
from kernel.http.schemas import Body, View

UUID7 = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-7[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$"
ReasonForRating = Literal["solved", "quick", "clear", "not_solved", "not_true", "too_general", "too_slow", "unfriendly"]


class ExactPlace(Body, frozen=True, kw_only=True):
    """Where it is: WGS 84 degrees, accuracy in metres."""

    lat: Annotated[float, Meta(ge=-90, le=90)]
    lon: Annotated[float, Meta(ge=-180, le=180)]
    accuracy: Annotated[float, Meta(ge=0, le=100_000)] | None = None


class ReporterContact(Body, frozen=True, kw_only=True):
    """Who reports. Kept secret: staff see it masked, and whoever looks is on record."""

    name: Annotated[str, Meta(min_length=1, max_length=200)]
    phone: Annotated[str, Meta(min_length=3, max_length=32, pattern=r"^[0-9+() .\-]+$")]


class SendFeedback(Body, frozen=True, kw_only=True):
    """A report.

    `clientId` is the phone's own name for it: sent again, it is the same report. `observedAt` is when it was seen, for a report
    made offline. `place` is taken where `precise_place` has been consented to (`GET /v1/me/consents`), or with `placeConsent`, a
    yes to its present text, of which `placeConsentText` is the `textVersion`. `contact` is left out with `anonymousToStaff`.
    """

    client_id: Annotated[str, Meta(pattern=UUID7, description="UUID version 7.")]
    kind: Literal["field_report", "procedure_complaint", "idea", "denunciation"]
    category: Code
    text: Annotated[str, Meta(min_length=10, max_length=4_000)]
    urgency: Urgency = "normal"
    commune: Annotated[str, Meta(pattern="^[0-9]{5}$", description="Code of the administrative unit.")] | None = None
    landmark: Annotated[str, Meta(max_length=500)] = ""
    place: ExactPlace | None = None
    place_consent: bool = False
    place_consent_text: Annotated[str, Meta(min_length=16, max_length=16)] | None = None
    uploads: UploadIds = []
    observed_at: datetime | None = None
    contact: ReporterContact | None = None
    anonymous_to_staff: bool = False


class ReplyFeedback(Body, frozen=True, kw_only=True):
    """The answer to what the office asked."""

    text: Annotated[str, Meta(min_length=2, max_length=4_000)]
    uploads: UploadIds = []


class ReopenFeedback(Body, frozen=True, kw_only=True):
    """Why the answer is not true."""

    reason: Annotated[str, Meta(min_length=10, max_length=4_000)]


class RateFeedback(Body, frozen=True, kw_only=True):
    """How the answer was. `mayCall` allows the office to ring about it."""

    liked: bool
    stars: Annotated[int, Meta(ge=1, le=5)] | None = None
    reasons: Annotated[list[ReasonForRating], Meta(max_length=8)] = []
    text: Words = ""
    may_call: bool = False


class FeedbackCopy(View, frozen=True, kw_only=True):
    """A report as a phone keeps it. Whether it is late the phone knows by its own clock: `dueAt` has passed and is still there."""

    id: str
    code: str
    client_id: str
    kind: str
    category: CodedLabel
    urgency: str
    state: FeedbackState
    state_at: datetime
    received_at: datetime
    updated_at: datetime
    version: int
    due_at: datetime | UnsetType = UNSET


class FeedbackSummary(FeedbackCopy, frozen=True, kw_only=True):
    """A report in a list."""

    overdue: bool


class FeedbackPage(View, frozen=True, kw_only=True):
    """One page of reports, the latest change first."""

    items: list[FeedbackSummary]
    next_cursor: str | UnsetType = UNSET


class FollowKey(View, frozen=True, kw_only=True):
    """With code and secret anybody can follow the report without an account: treat the secret like a key."""

    code: str
    secret: str


class ContinuedBy(View, frozen=True, kw_only=True):
    """The report this one was merged into: how it stands, and what was answered."""

    code: str
    state: FeedbackState
    answer: str | UnsetType = UNSET


class FeedbackView(FeedbackSummary, frozen=True, kw_only=True):
    """A report with everything its citizen may know."""

    text: str
    uploads: list[str]
    files: list[FeedbackFile]
    anonymous_to_staff: bool
    round: int
    promises: list[FeedbackPromise]
    timeline: list[FeedbackStep]
    ratings: list[FeedbackRating]
    allowed_actions: list[FeedbackAction]
    landmark: str | UnsetType = UNSET
    place: FeedbackPlace | UnsetType = UNSET
    commune: CodedLabel | UnsetType = UNSET
    observed_at: datetime | UnsetType = UNSET
    follow: FollowKey | UnsetType = UNSET
    continued_by: ContinuedBy | UnsetType = msgspec.field(default=UNSET)
