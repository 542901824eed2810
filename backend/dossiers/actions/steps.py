"""A step of the table: who may take it, what it needs, and how it is written down."""

from datetime import datetime, timedelta

from backend.dossiers import due
from backend.dossiers.documents import Dossier, TimelineEntry
from backend.dossiers.errors import ReasonMissing
from backend.dossiers.reasons import says_something
from backend.dossiers.states import DOSSIER, STATUSES
from kernel.errors import RoleMissing
from kernel.ids import new_id
from kernel.machine import Move
from kernel.principal import Principal
from kernel.privacy.field import Plain
from kernel.state_calendar import calendar_at
from kernel.text import clean
from kernel.working_time import WorkingTime

OWN_SOURCE = "motcua"
PUBLISH = "publish_result"
NEXT = timedelta(milliseconds=1)


def step_taken(dossier: Dossier, step_id: str | None) -> bool:
    """Was this very step taken already, by a run that died before it could answer?"""
    return any(entry.key == f"{OWN_SOURCE}:{step_id}" for entry in dossier.timeline)


def record_step(
    dossier: Dossier, step: Move, actor: Principal, reason: str | None, now: datetime, step_id: str | None = None
) -> None:
    """Write the step into the timeline, after everything that is in it: a person's act happens now. The due date follows.

    Raises:
        UnknownYear: the due date leaves the years the calendar knows.
    """
    working = WorkingTime(calendar_at(now))
    # Equal times are ordered by key, and then the step might lie before what it was a step from.
    at = max(now, dossier.status_at + NEXT)
    dossier.tell(
        TimelineEntry(
            key=f"{OWN_SOURCE}:{step_id or new_id()}",
            at=at,
            recorded_at=now,
            status=step.target,
            source=OWN_SOURCE,
            agency=dossier.deciding_agency,
            actor=actor.id,
            note=Plain(clean(reason)) if reason else None,
            due_at=_told_date_resumed(dossier, step, at, working),
        )
    )
    dossier.settle(working)
    dossier.updated_at = now


def _told_date_resumed(dossier: Dossier, step: Move, at: datetime, working: WorkingTime) -> datetime | None:
    """The new date where a step of ours ends a pause and the date was told, not counted: what was left of it."""
    paused = STATUSES[dossier.status].clock == "paused" and STATUSES[step.target].clock == "running"
    if not paused or dossier.due_at is None or due.told(dossier.timeline) is None:
        return None
    pauses = due.pauses_of(dossier.timeline)
    return due.resumed(dossier.due_at, pauses[-1].begins, at, working) if pauses else None


def check(actor: Principal, dossier: Dossier, move_name: str, reason: str | None) -> Move:
    """The move, if it exists from here, the actor may take it, and it has the reason it needs.

    Raises:
        MoveNotAllowed, RoleMissing, ReasonMissing.
    """
    step = DOSSIER.find(move_name, dossier.status)
    if not may(actor.at(dossier.receiving_agency, dossier.deciding_agency), step):
        raise RoleMissing
    check_reason(step, reason)
    return step


def check_reason(step: Move, reason: str | None) -> None:
    """Somebody will read why.

    Raises:
        ReasonMissing.
    """
    if step.needs_reason and not says_something(reason):
        raise ReasonMissing


def may(actor: Principal, step: Move) -> bool:
    """Does the table let this actor take the step? A citizen counts as the role `citizen` on their own dossier."""
    roles = actor.roles if actor.kind == "staff" else {actor.kind}
    return bool(step.by & roles)


def allowed_moves(actor: Principal, status: str) -> list[Move]:
    """Every step this actor may take from here."""
    return [step for step in DOSSIER.from_state(status) if may(actor, step)]
