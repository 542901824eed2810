"""What anybody reads: categories, doors, and a report by its code and secret."""

from datetime import datetime
from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from backend.feedback.schemas.shared import CodedLabel, FeedbackPromise, FeedbackState, FeedbackStep
from kernel.http.schemas import Body, View


class FeedbackCategory(View, frozen=True, kw_only=True):
    """One category, and the kinds of report it takes."""

    code: str
    label: str
    kinds: list[str]


class RatingReasonView(View, frozen=True, kw_only=True):
    """A standard reason for liking an answer or not; some suggest to open the report again."""

    code: str
    label: str
    liked: bool
    suggests_reopening: bool


class FeedbackCategories(View, frozen=True, kw_only=True):
    """What an app needs to let somebody write a report and rate its answer."""

    categories: list[FeedbackCategory]
    communes: list[CodedLabel]
    rating_reasons: list[RatingReasonView]


class FeedbackDoor(View, frozen=True, kw_only=True):
    """Where something is brought. `openHere` says whether it can be sent here at all."""

    kind: str
    label: str
    open_here: bool
    explanation: str
    address: str | UnsetType = UNSET
    phone: str | UnsetType = UNSET


class FeedbackDoors(View, frozen=True, kw_only=True):
    """Which door is the right one."""

    doors: list[FeedbackDoor]


class FollowFeedback(Body, frozen=True, kw_only=True):
    """Code and secret as they were handed out. In a body, because addresses are written down everywhere."""

    code: Annotated[str, Meta(min_length=9, max_length=20)]
    secret: Annotated[str, Meta(min_length=8, max_length=64)]


class FollowedFeedback(View, frozen=True, kw_only=True):
    """How a report stands, for whoever has its secret: nothing of what was reported, nobody's name but officials'."""

    code: str
    category: CodedLabel
    state: FeedbackState
    state_at: datetime
    received_at: datetime
    promises: list[FeedbackPromise]
    timeline: list[FeedbackStep]
