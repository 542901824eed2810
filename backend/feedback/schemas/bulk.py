"""Many reports moved at once."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from backend.feedback.schemas.shared import Code, Urgency
from kernel.http.schemas import Body, View


class MoveReports(Body, frozen=True, kw_only=True):
    """The same step for many reports: classify them, or give them to an agency. What is left out stays as it is."""

    ids: Annotated[list[Code], Meta(min_length=1, max_length=100)]
    step: Literal["classify", "assign"]
    category: Code | None = None
    urgency: Urgency | None = None
    agency: Code | None = None


class MovedReport(View, frozen=True, kw_only=True):
    """What became of one of them: its state, or the `code` of what stood in its way, with a sentence."""

    id: str
    moved: bool
    state: str | UnsetType = UNSET
    code: str | UnsetType = UNSET
    detail: str | UnsetType = UNSET


class MovedReports(View, frozen=True, kw_only=True):
    """Every report that was named, once, in that order."""

    items: list[MovedReport]
