"""What crosses the wire about a citizen's own data."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from backend.privacy.states import LABELS, RIGHT_LABELS
from kernel.http.schemas import Body, View

ErasureState = Annotated[str, Meta(examples=list(LABELS))]
Version = Annotated[str, Meta(min_length=16, max_length=16)]


class ConsentView(View, frozen=True, kw_only=True):
    """A purpose and what the citizen decided on it.

    `granted` stands only where consent is asked for; it is false until somebody says yes, and false again when the text has changed
    (`outdated`), because a consent to another text is none.
    """

    purpose: str
    title: str
    text: str
    basis: Annotated[str, Meta(examples=["consent", "state_duty"])]
    article: str
    text_version: str
    granted: bool | UnsetType = UNSET
    decided_at: datetime | UnsetType = UNSET
    outdated: bool = False


class ConsentList(View, frozen=True, kw_only=True):
    """Every purpose there is."""

    items: list[ConsentView]


class DecideConsent(Body, frozen=True, kw_only=True):
    """Yes or no. `textVersion` is that of the text the citizen was shown; a yes without it, or to an old text, is refused."""

    granted: bool
    text_version: Version | None = None


class ErasureView(View, frozen=True, kw_only=True):
    """A request for erasure. While `canTakeBack` it can be ended without losing anything."""

    id: str
    state: ErasureState
    label: str
    requested_at: datetime
    acknowledge_by: datetime
    due_by: datetime
    can_take_back: bool
    waits_until: datetime | UnsetType = UNSET
    extended_at: datetime | UnsetType = UNSET
    extension_reason: str | UnsetType = UNSET
    reason: str | UnsetType = UNSET
    open_cases: list[str]
    closed_at: datetime | UnsetType = UNSET


class ErasureList(View, frozen=True, kw_only=True):
    """My requests, newest first."""

    items: list[ErasureView]


class StaffErasureView(View, frozen=True, kw_only=True):
    """A request as an administrator sees it: about whom is nobody's business, so there is no name in it."""

    id: str
    state: ErasureState
    label: str
    requested_at: datetime
    acknowledge_by: datetime
    due_by: datetime
    late: bool
    allowed_actions: list[str]
    open_cases: list[str]
    waits_until: datetime | UnsetType = UNSET
    extended_at: datetime | UnsetType = UNSET
    closed_at: datetime | UnsetType = UNSET


class StaffErasurePage(View, frozen=True, kw_only=True):
    """One page of requests, newest first."""

    items: list[StaffErasureView]
    next_cursor: str | UnsetType = UNSET


Kind = Annotated[str, Meta(examples=["rectification", "restriction", "objection"])]
DataRequestState = Annotated[str, Meta(examples=list(RIGHT_LABELS))]


class AskAboutData(Body, frozen=True, kw_only=True):
    """What is asked: to put something right, to restrict processing, or an objection to the `purpose` it names."""

    kind: Literal["rectification", "restriction", "objection"]
    wish: Annotated[str, Meta(min_length=1, max_length=4_000)]
    purpose: Annotated[str, Meta(max_length=64)] | None = None


class DataRequestView(View, frozen=True, kw_only=True):
    """A request of mine. A restriction stands while `state` is `in_force`, and ends when it is taken back."""

    id: str
    kind: Kind
    state: DataRequestState
    label: str
    wish: str | UnsetType = UNSET
    purpose: str | UnsetType = UNSET
    requested_at: datetime
    acknowledge_by: datetime
    due_by: datetime
    can_take_back: bool
    extended_at: datetime | UnsetType = UNSET
    extension_reason: str | UnsetType = UNSET
    reason: str | UnsetType = UNSET
    closed_at: datetime | UnsetType = UNSET


class DataRequestList(View, frozen=True, kw_only=True):
    """My requests, newest first."""

    items: list[DataRequestView]


class StaffDataRequestView(View, frozen=True, kw_only=True):
    """A request as an administrator sees it. `wish` stands only where one request is read, which goes on record."""

    id: str
    kind: Kind
    state: DataRequestState
    label: str
    wish: str | UnsetType = UNSET
    purpose: str | UnsetType = UNSET
    requested_at: datetime
    acknowledge_by: datetime
    due_by: datetime
    late: bool
    allowed_actions: list[str]
    extended_at: datetime | UnsetType = UNSET
    closed_at: datetime | UnsetType = UNSET


class StaffDataRequestPage(View, frozen=True, kw_only=True):
    """One page of requests, newest first."""

    items: list[StaffDataRequestView]
    next_cursor: str | UnsetType = UNSET


class GiveReason(Body, frozen=True, kw_only=True):
    """Why, in plain words: the citizen reads it."""

    reason: Annotated[str, Meta(min_length=1, max_length=4_000)]


class ExportView(View, frozen=True, kw_only=True):
    """An export, owed by `dueBy`. `href` is there while the archive can be taken, once, until `expiresAt`."""

    id: str
    state: Annotated[str, Meta(examples=["queued", "building", "ready", "taken", "expired", "failed"])]
    requested_at: datetime
    due_by: datetime | UnsetType = UNSET
    expires_at: datetime | UnsetType = UNSET
    taken_at: datetime | UnsetType = UNSET
    href: str | UnsetType = UNSET
