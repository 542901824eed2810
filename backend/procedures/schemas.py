"""What crosses the wire about procedures. All of it is public."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from kernel.http.schemas import View

# Open lists: the source may name a level or a channel that is not known today, and a reader has to live with it (R-C7).
Level = Annotated[str, Meta(examples=["province", "commune", "ministry", "district", "other"])]
ChannelName = Annotated[str, Meta(examples=["counter", "online", "post"])]
Unit = Annotated[str, Meta(examples=["working_days", "calendar_days", "working_hours", "hours", "months"])]


class TimeLimitView(View, frozen=True):
    """A time limit. Where `amount` and `unit` are missing the source could not be read: show `text` as it is."""

    text: str
    amount: int | UnsetType = UNSET
    unit: Unit | UnsetType = UNSET


class FeeView(View, frozen=True):
    """A fee. `amount` is whole đồng, 0 is free of charge; where it is missing show `text` as it is."""

    text: str
    amount: int | UnsetType = UNSET


class ChannelView(View, frozen=True):
    """One way to apply. A procedure can list the same channel several times, for several kinds of case told apart in `note`."""

    channel: ChannelName
    time_limits: list[TimeLimitView]
    fees: list[FeeView]
    note: str | UnsetType = UNSET


class ProcedureSummary(View, frozen=True):
    """A procedure in a list. `online` says whether it can be applied for online."""

    code: str
    name: str
    field: str
    levels: list[Level]
    online: bool


class ProcedurePage(View, frozen=True):
    """One page of procedures, the best match first."""

    items: list[ProcedureSummary]
    next_cursor: str | UnsetType = UNSET


class ProcedureView(ProcedureSummary, frozen=True):
    """A procedure with all the national portal says about it; what it does not say is missing."""

    channels: list[ChannelView]
    applicants: list[str]
    kind: str | UnsetType = UNSET
    competent_agency: str | UnsetType = UNSET
    implementing_agency: str | UnsetType = UNSET
    papers: str | UnsetType = UNSET
    steps: str | UnsetType = UNSET
    result: str | UnsetType = UNSET
    legal_basis: str | UnsetType = UNSET
    decision: str | UnsetType = UNSET
    ministry: str | UnsetType = UNSET
    other_channels: Annotated[str, Meta(description="What the source says of ways to apply and could not be read.")] | UnsetType = (
        UNSET
    )
