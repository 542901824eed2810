"""A due date, explained: every day of the count, and what stopped or prolonged it."""

from datetime import date, datetime
from typing import Annotated, get_args

from msgspec import UNSET, Meta, UnsetType

from backend.dossiers.schemas.dossiers import StatusView
from kernel.deadline import Unit
from kernel.http.schemas import View

# Open lists: known today; a reader has to live with more (R-C7).
UnitWord = Annotated[str, Meta(examples=list(get_args(Unit)))]
SourceWord = Annotated[str, Meta(examples=["counted", "told", "none"])]
DayWord = Annotated[str, Meta(examples=["received", "counted", "partly", "paused", "weekend", "holiday", "carried"])]
Duration = Annotated[str, Meta(description="ISO 8601; hours of office time where the term is working time.", examples=["PT20H"])]


class Basis(View, frozen=True, kw_only=True):
    """By what a term was promised: the procedure at this version, and its decision where the source names one."""

    procedure_code: str
    procedure_version: int
    decision: str | UnsetType = UNSET


class TermView(View, frozen=True, kw_only=True):
    """How long it may take. What is accepted after `cutoff` (HH:MM) counts as of the next working day."""

    amount: int
    unit: UnitWord
    text: str
    basis: Basis
    cutoff: str | UnsetType = UNSET


class Remaining(View, frozen=True, kw_only=True):
    """What is left of the term, for machines and for people; while the clock stands still, what is kept."""

    duration: Duration
    text: str


class CountedDay(View, frozen=True, kw_only=True):
    """One day: what it is, how much of it counts, and what is special about it."""

    day: date
    kind: DayWord
    counted: Duration
    why: str | UnsetType = UNSET


class PauseView(View, frozen=True, kw_only=True):
    """A stretch in which the clock stood still, and the status behind it; without `ends` it still does."""

    status: StatusView
    begins: datetime
    ends: datetime | UnsetType = UNSET


class ExtensionView(View, frozen=True, kw_only=True):
    """A new date, and the paper that says so."""

    decided_at: datetime
    before: datetime
    until: datetime
    document: str
    reason: str


class DeadlineView(View, frozen=True, kw_only=True):
    """When a dossier is due, and why.

    `source` says where the date comes from: `counted` by the term, `told` by the system that handles the dossier (its days are its
    own), or `none`. There is no `dueAt` while the clock stands still.
    """

    dossier_id: str
    code: str
    version: int
    status: StatusView
    source: SourceWord
    overdue: bool
    days: list[CountedDay]
    pauses: list[PauseView]
    extensions: list[ExtensionView]
    term: TermView | UnsetType = UNSET
    accepted_at: datetime | UnsetType = UNSET
    counts_from: datetime | UnsetType = UNSET
    due_at: datetime | UnsetType = UNSET
    remaining: Remaining | UnsetType = UNSET
    calendar: str | UnsetType = UNSET
