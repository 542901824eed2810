"""What every step of a report has in common: it is found within what the actor may see, checked against the table, and recorded."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, cast

from backend.feedback.attachments import MOST_FILES, Attachments
from backend.feedback.categories import CATEGORIES
from backend.feedback.documents import AttachedFile, Feedback, TimelineEntry, visible_to
from backend.feedback.errors import BlanksLeft, FeedbackNotFound, TooManyFiles, WordsMissing
from backend.feedback.events import FeedbackMoved
from backend.feedback.place_consent import ASKED_EACH_TIME, PlaceConsents
from backend.feedback.sla import Why
from backend.feedback.states import FEEDBACK
from backend.feedback.templates import blanks_in
from kernel.calendar import Calendar
from kernel.errors import FieldError, RoleMissing, StaleVersion
from kernel.events import Event
from kernel.http.preconditions import ANY_VERSION, Precondition
from kernel.machine import Move
from kernel.principal import Principal
from kernel.privacy.errors import SubjectErased
from kernel.privacy.field import PersonalText
from kernel.text import clean

# "Đã xử lý" is no answer (cases.md 1.1): what a citizen is told says something.
SHORTEST_WORDS = 20


@dataclass(frozen=True)
class Circumstances:
    """What a verb is handed beside its facts: the moment, the calendar promises are counted by, the keepers of files and consents.

    `operation` is the name of the write, the same however often it is sent; `if_match` says which version the caller has seen. The
    clock has neither, and attaches nothing.
    """

    now: datetime
    calendar: Calendar
    attachments: Attachments | None = None
    operation: str | None = None
    if_match: Precondition = ANY_VERSION
    places: PlaceConsents = ASKED_EACH_TIME

    def only(self, if_match: Precondition) -> "Circumstances":
        """The same, for a change of nothing but the version the caller has seen."""
        return replace(self, if_match=if_match)


async def find(actor: Principal, feedback_id: str, given: Circumstances | None = None) -> Feedback:
    """The report, if it is still as the caller has seen it, or if this very write has changed it since.

    Raises:
        FeedbackNotFound: there is none, or it is not this actor's to see; the two cannot be told apart.
        PreconditionFailed: somebody changed it since.
    """
    report = await Feedback.find_one({"_id": {"$eq": feedback_id}, **visible_to(actor)})
    if report is None:
        raise FeedbackNotFound
    report.remember()
    if given and not report.has_taken(given.operation):
        with given.if_match.on(report.version):
            return report
    return report


async def attached(
    actor: Principal, upload_ids: Sequence[str], purpose: str, *, to: str, given: Circumstances, beside: Collection[str] = ()
) -> list[AttachedFile]:
    """The uploads as files of the report `to`, before it is committed; `beside` are those it has of the same sender already.

    Raises:
        TooManyFiles: with them there would be more than five.
        Problem: what `Attachments.attach` raises.
    """
    wanted = list(dict.fromkeys(upload_ids))
    if len({*wanted, *beside}) > MOST_FILES:
        raise TooManyFiles
    if not wanted:
        return []
    assert given.attachments, "the clock attaches nothing"
    files = await given.attachments.attach(actor, wanted, purpose, to=to)
    return [AttachedFile(upload=upload, file=file) for upload, file in zip(wanted, files, strict=True)]


def take_in(report: Feedback, files: Sequence[AttachedFile]) -> None:
    """Keep these files with the report, each once."""
    known = {one.upload for one in report.files}
    report.files = [*report.files, *(one for one in files if one.upload not in known)]


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
        BlanksLeft: it is a template of which something has not been filled in.
    """
    text = clean(raw or "")
    if left := blanks_in(text):
        raise BlanksLeft(errors=[FieldError("/publicText", "blank_left", name) for name in left])
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
            uploads=list(dict.fromkeys(uploads)),
            operation=given.operation,
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


async def save(report: Feedback, given: Circumstances, *events: Event) -> Feedback:
    """Commit.

    Raises:
        StaleVersion: somebody was faster; or the reporter's data are being erased, after which it is another report.
        PreconditionFailed: somebody was faster, and the caller had said which version they have seen.
    """
    try:
        with given.if_match.on(report.version):
            return await report.commit(*events)
    except SubjectErased as erased:
        raise StaleVersion(id=report.id) from erased
