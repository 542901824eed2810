"""What every step of a report has in common: it is found within what the actor may see, checked against the table, and recorded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast

from backend.feedback.attachments import Attachments
from backend.feedback.categories import CATEGORIES
from backend.feedback.documents import Feedback, TimelineEntry, visible_to
from backend.feedback.errors import FeedbackNotFound, WordsMissing
from backend.feedback.events import FeedbackMoved
from backend.feedback.sla import Why
from backend.feedback.states import FEEDBACK
from kernel.calendar import Calendar
from kernel.errors import RoleMissing, StaleVersion
from kernel.events import Event
from kernel.machine import Move
from kernel.principal import Principal
from kernel.privacy.errors import SubjectErased
from kernel.privacy.field import PersonalText
from kernel.text import clean

# "Đã xử lý" is no answer (cases.md 1.1): what a citizen is told says something.
SHORTEST_WORDS = 20


@dataclass(frozen=True)
class Circumstances:
    """What a verb is handed beside its facts: the moment, the calendar promises are counted by, and the keeper of uploads."""

    now: datetime
    calendar: Calendar
    attachments: Attachments


async def find(actor: Principal, feedback_id: str, *, version: int | None = None) -> Feedback:
    """The report; with `version`, only if it is still the one the actor has looked at.

    Raises:
        FeedbackNotFound: there is none, or it is not this actor's to see; the two cannot be told apart.
        StaleVersion: somebody changed it since.
    """
    report = await Feedback.find_one({"_id": {"$eq": feedback_id}, **visible_to(actor)})
    if report is None:
        raise FeedbackNotFound
    if version is not None and version != report.version:
        raise StaleVersion(id=feedback_id, version=version)
    return report


def check(actor: Principal, report: Feedback, name: str) -> Move:
    """The step of that name, if it exists from here and the actor may take it.

    Raises:
        MoveNotAllowed, RoleMissing.
    """
    step = FEEDBACK.find(name, report.state)
    if not may(actor.at(report.desk, report.agency), step):
        raise RoleMissing
    return step


def may(actor: Principal, step: Move) -> bool:
    """Does the table let this actor take the step? A citizen counts as the role `citizen` on their own report."""
    return bool(step.by & (actor.roles if actor.kind == "staff" else {actor.kind}))


def allowed_moves(actor: Principal, state: str, category: str, reopenings: int) -> list[Move]:
    """Every step this actor may take from here, of each pair of doors the one that is open."""
    shut = {
        "answer" if CATEGORIES[category].approval else "submit_answer",
        *(["reopen"] if reopenings else ["ask_to_reopen"]),
        *(["ask_to_reopen"] if reopenings > 1 else []),
    }
    return [step for step in FEEDBACK.from_state(state) if may(actor, step) and step.name not in shut]


def worded(raw: str | None, *, at_least: int = SHORTEST_WORDS) -> str:
    """What somebody wrote for the citizen, cleaned.

    Raises:
        WordsMissing: it says too little.
    """
    text = clean(raw or "")
    if len(text) < at_least:
        raise WordsMissing(None if at_least == SHORTEST_WORDS else f"At least {at_least} characters, please.")
    return text


def record(
    report: Feedback,
    step: Move,
    actor: Principal | None,
    given: Circumstances,
    *,
    text: PersonalText | None = None,
    code: str | None = None,
    uploads: Sequence[str] = (),
    why_no_picture: PersonalText | None = None,
    why: Why = "dispatched",
) -> FeedbackMoved:
    """Write the step into the timeline and answer its event. Nobody is the clock.

    Raises:
        NoLimitKnown, UnknownYear.
    """
    before, office = report.state, actor is not None and actor.kind == "staff"
    report.enter(
        TimelineEntry(
            # Two machines' clocks differ; a step never lies before what it is a step from.
            at=max(given.now, report.state_at),
            move=step.name,
            state=step.target,
            by=cast("Literal['citizen', 'staff', 'clock']", actor.kind if actor else "clock"),
            round=report.round,
            agency=(report.agency or report.desk) if office else None,
            actor=actor.id if actor else None,
            officer=actor.name if actor and office else None,
            code=code,
            text=text,
            why_no_picture=why_no_picture,
            uploads=list(uploads),
        ),
        given.calendar,
        why=why,
    )
    return FeedbackMoved(
        at=report.state_at, move=step.name, before=before, after=step.target, round=report.round, **concerned(report)
    )


def concerned(report: Feedback) -> dict[str, Any]:
    """The fields of an event that say which report, and whom it concerns."""
    return {"feedback_id": report.id, "reporter": report.reporter, "followers": report.followers}


async def save(report: Feedback, *events: Event) -> Feedback:
    """Commit.

    Raises:
        StaleVersion: somebody was faster; or the reporter's data are being erased, after which it is another report.
    """
    try:
        return await report.commit(*events)
    except SubjectErased as erased:
        raise StaleVersion(id=report.id) from erased
