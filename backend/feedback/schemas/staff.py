"""What staff send and read about reports. Notes live here alone: no struct a citizen gets can carry one."""

from datetime import datetime
from typing import Annotated, Literal

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
    OfficeRef,
    UploadIds,
    Urgency,
    Words,
)
from kernel.audit import Purpose
from kernel.http.schemas import Body, View


class ClassifyFeedback(Body, frozen=True, kw_only=True):
    """What it is about; what is left out stays as it is. Without `agency` the routing rules suggest one."""

    category: Code | None = None
    urgency: Urgency | None = None
    agency: Code | None = None


class AssignFeedback(Body, frozen=True, kw_only=True):
    """Who deals with it; the suggested agency unless another is named."""

    agency: Code | None = None


class TellReporter(Body, frozen=True, kw_only=True):
    """Words for the citizen."""

    public_text: Words


class AnswerFeedback(TellReporter, frozen=True, kw_only=True):
    """The answer. A report from the field is answered with a picture, or with the reason why there is none."""

    uploads: UploadIds = []
    why_no_picture: Annotated[str, Meta(max_length=500)] = ""


class SendBackAnswer(Body, frozen=True, kw_only=True):
    """Why the answer cannot go out like this; the citizen does not read it."""

    reason: Words


class RejectFeedback(TellReporter, frozen=True, kw_only=True):
    """Why it is not accepted: a reason of the list, and words for the citizen."""

    reason: Literal["not_enough_information", "not_true", "handled_already", "outside_the_province", "abusive"]


class RedirectFeedback(TellReporter, frozen=True, kw_only=True):
    """Which door is the right one, and words for the citizen."""

    door: Literal["procedure_complaint", "denunciation"]


class MergeFeedback(Body, frozen=True, kw_only=True):
    """The id of the report that goes on."""

    into: Code


class DecideReopening(Body, frozen=True, kw_only=True):
    """The leader's decision; a no is explained in `publicText`."""

    grant: bool
    public_text: Words = ""


class WriteNote(Body, frozen=True, kw_only=True):
    """A word among colleagues."""

    text: Annotated[str, Meta(min_length=2, max_length=4_000)]


class UnmaskReporter(Body, frozen=True, kw_only=True):
    """What for: on record, and readable by the citizen, before the answer leaves."""

    purpose: Purpose


class AnswerTemplate(View, frozen=True, kw_only=True):
    """Words to begin with at a step. What stands in `blanks` stands between {{ and }} in the text, and is to be filled in."""

    code: str
    move: str
    label: str
    text: str
    blanks: list[str]


class AnswerTemplates(View, frozen=True, kw_only=True):
    """Templates, those made for the category first."""

    items: list[AnswerTemplate]


class StaffFeedbackSummary(View, frozen=True, kw_only=True):
    """A report in a queue: nothing of who sent it."""

    id: str
    code: str
    kind: str
    category: CodedLabel
    urgency: str
    state: FeedbackState
    state_at: datetime
    received_at: datetime
    desk: OfficeRef
    overdue: bool
    nobody_on_duty: bool
    escalated: bool
    round: int
    followers: int
    version: int
    agency: OfficeRef | UnsetType = UNSET
    officer: str | UnsetType = UNSET
    commune: CodedLabel | UnsetType = UNSET
    due_at: datetime | UnsetType = UNSET


class StaffFeedbackPage(View, frozen=True, kw_only=True):
    """One page of a queue, what is due first in front."""

    items: list[StaffFeedbackSummary]
    next_cursor: str | UnsetType = UNSET


class MaskedReporter(View, frozen=True, kw_only=True):
    """Who reported, as far as it is anybody's business."""

    anonymous: bool
    name: str | UnsetType = UNSET
    phone: str | UnsetType = UNSET


class ReporterIdentity(View, frozen=True, kw_only=True):
    """Who reported."""

    name: str
    phone: str


class AnswerDraft(View, frozen=True, kw_only=True):
    """An answer that waits for a second pair of eyes."""

    at: datetime
    officer: str
    text: str
    uploads: list[str]
    files: list[FeedbackFile]
    why_no_picture: str | UnsetType = UNSET


class StaffNoteView(View, frozen=True, kw_only=True):
    """A word among colleagues."""

    at: datetime
    officer: str
    text: str
    agency: OfficeRef | UnsetType = UNSET


class StaffFeedbackView(StaffFeedbackSummary, frozen=True, kw_only=True):
    """A report as those see it who deal with it."""

    text: str
    uploads: list[str]
    files: list[FeedbackFile]
    reporter: MaskedReporter
    suggested_agency: OfficeRef
    promises: list[FeedbackPromise]
    timeline: list[FeedbackStep]
    ratings: list[FeedbackRating]
    notes: list[StaffNoteView]
    allowed_actions: list[FeedbackAction]
    public_text: str | UnsetType = UNSET
    landmark: str | UnsetType = UNSET
    place: FeedbackPlace | UnsetType = UNSET
    observed_at: datetime | UnsetType = UNSET
    draft: AnswerDraft | UnsetType = UNSET
    escalated_at: datetime | UnsetType = UNSET
    escalated_why: str | UnsetType = UNSET
    merged_into: str | UnsetType = UNSET
