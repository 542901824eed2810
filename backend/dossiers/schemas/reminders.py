"""What an office is reminded of."""

from datetime import date, datetime
from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from backend.dossiers.schemas.dossiers import AgencyRef
from kernel.http.schemas import Body, View

# Open list: known today; a reader has to live with more (R-C7).
ReminderKind = Annotated[str, Meta(examples=["half_time", "day_before", "due", "overdue", "still"])]


class ReminderView(View, frozen=True, kw_only=True):
    """A reminder. `overdue` is the task to apologise (form 04): `proposedDate` is what its draft proposes; `doneAt` ends it."""

    id: str
    kind: ReminderKind
    text: str
    dossier_id: str
    code: str
    agency: AgencyRef
    at: datetime
    due_at: datetime | UnsetType = UNSET
    proposed_date: date | UnsetType = UNSET
    done_at: datetime | UnsetType = UNSET


class ReminderPage(View, frozen=True, kw_only=True):
    """One page of reminders, the latest first."""

    items: list[ReminderView]
    next_cursor: str | UnsetType = UNSET


class ExtendDeadline(Body, frozen=True, kw_only=True):
    """A new date with the paper that says so (form 04). The citizen reads the reason."""

    until: date
    document: Annotated[str, Meta(min_length=1, max_length=100)]
    reason: Annotated[str, Meta(min_length=10, max_length=1_000)]
