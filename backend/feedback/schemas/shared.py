"""The parts of a report that citizens and staff read in the same form."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from kernel.http.schemas import View

Code = Annotated[str, Meta(min_length=1, max_length=64)]
UploadIds = Annotated[list[Annotated[str, Meta(min_length=1, max_length=64)]], Meta(max_length=5)]
Words = Annotated[str, Meta(max_length=4_000)]
Urgency = Literal["normal", "urgent"]


class CodedLabel(View, frozen=True, kw_only=True):
    """A stable code, and what it is called in the reader's language."""

    code: str
    label: str


class OfficeRef(View, frozen=True, kw_only=True):
    """An agency by its code, with the name it has now."""

    code: str
    name: str


class FeedbackState(View, frozen=True, kw_only=True):
    """Where a report stands. Treat an unknown `name` as in progress: more may come."""

    name: str
    label: str
    open: bool
    clock: Annotated[str, Meta(description="`running`, `paused` or `stopped`.")]


class FeedbackPromise(View, frozen=True, kw_only=True):
    """By when the report will be passed on (`dispatch`) or answered (`answer`), and on which paper that rests.

    `firm` is false while the date still depends on when it is passed on. While `paused`, the date moves back day by day.
    """

    what: str
    due_at: datetime
    firm: bool
    paused: bool
    overdue: bool
    basis: str | UnsetType = UNSET
    kept_at: datetime | UnsetType = UNSET


class FeedbackFile(View, frozen=True, kw_only=True):
    """A file of a report. `id` is that of its upload, `href` where it can be loaded; pictures have been drawn anew."""

    id: str
    name: str
    media_type: str
    size: int
    sha256: str
    href: str


class FeedbackStep(View, frozen=True, kw_only=True):
    """One step of a report. `officer` is the official who took it; `files` are those of `uploads` that can be loaded."""

    state: FeedbackState
    at: datetime
    by: str
    agency: OfficeRef | UnsetType = UNSET
    officer: str | UnsetType = UNSET
    reason: CodedLabel | UnsetType = UNSET
    text: str | UnsetType = UNSET
    why_no_picture: str | UnsetType = UNSET
    uploads: list[str]
    files: list[FeedbackFile] | UnsetType = UNSET


class FeedbackPlace(View, frozen=True, kw_only=True):
    """Where it is: WGS 84, accuracy in metres."""

    lat: float
    lon: float
    accuracy: float | UnsetType = UNSET


class FeedbackRating(View, frozen=True, kw_only=True):
    """How an answer was found."""

    round: int
    at: datetime
    liked: bool
    reasons: list[CodedLabel]
    may_call: bool
    stars: int | UnsetType = UNSET
    text: str | UnsetType = UNSET


class FeedbackAction(View, frozen=True, kw_only=True):
    """A step the caller may take now. `requires` names what has to come along with it."""

    name: str
    label: str
    requires: list[str]
