"""The answer: with evidence, by somebody with a name, and where the category asks for it seen by a second pair of eyes."""

from collections.abc import Sequence

import msgspec

from backend.feedback import states
from backend.feedback.actions.note import add_note
from backend.feedback.actions.steps import Circumstances, attached, check, find, record, save, take_in, worded
from backend.feedback.attachments import ANSWER_EVIDENCE
from backend.feedback.categories import CATEGORIES
from backend.feedback.documents import Draft, Feedback
from backend.feedback.errors import EvidenceMissing, SecondPairOfEyes
from kernel.errors import FieldError, PreconditionFailed, StaleVersion
from kernel.principal import Principal
from kernel.privacy.field import Plain
from kernel.text import clean

SHORTEST_REASON = 10


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What the citizen will read, and the pictures that show it, or why there are none."""

    text: str
    uploads: Sequence[str] = ()
    why_no_picture: str = ""


async def answer(actor: Principal, feedback_id: str, said: Answer, *, given: Circumstances) -> Feedback:
    """Answer the citizen; where the category asks for approval, the answer waits for it.

    Raises:
        FeedbackNotFound, MoveNotAllowed, RoleMissing, WordsMissing, EvidenceMissing, TooManyFiles.
        StaleVersion, PreconditionFailed: somebody else was faster; nothing has been sent, and what was written comes back with the
            problem.
    """
    try:
        return await _answer(actor, feedback_id, said, given)
    except (StaleVersion, PreconditionFailed) as late:
        late.errors = [FieldError("/publicText", "not_sent", said.text)]
        raise


async def _answer(actor: Principal, feedback_id: str, said: Answer, given: Circumstances) -> Feedback:
    report = await find(actor, feedback_id, given)
    if report.has_taken(given.operation):
        return report
    approval = CATEGORIES[report.category].approval
    step = check(actor, report, "submit_answer" if approval else "answer")
    text, why_not = worded(said.text), clean(said.why_no_picture)
    if report.kind == "field_report" and not said.uploads and len(why_not) < SHORTEST_REASON:
        raise EvidenceMissing
    take_in(report, await attached(actor, said.uploads, ANSWER_EVIDENCE, to=report.id, given=given))
    words, reason = Plain(text), Plain(why_not) if why_not else None
    if not approval:
        moved = record(report, step, actor, given, text=words, why_no_picture=reason, uploads=said.uploads)
        return await save(report, given, moved)
    moved = record(report, step, actor, given)
    report.draft = Draft(
        at=report.state_at, author=actor.id, officer=actor.name, text=words, why_no_picture=reason, uploads=list(said.uploads)
    )
    return await save(report, given, moved)


async def approve(actor: Principal, feedback_id: str, *, given: Circumstances) -> Feedback:
    """Let the answer that was written go out.

    Raises:
        FeedbackNotFound, MoveNotAllowed, RoleMissing, SecondPairOfEyes, StaleVersion.
    """
    report = await find(actor, feedback_id, given)
    if report.has_taken(given.operation):
        return report
    step = check(actor, report, "approve_answer")
    draft = report.draft
    assert draft
    if draft.author == actor.id:
        raise SecondPairOfEyes
    # It is sealed already, and stays so: approving does not read what it lets go.
    moved = record(
        report,
        step,
        actor,
        given,
        text=draft.text,
        why_no_picture=draft.why_no_picture,
        uploads=draft.uploads,
    )
    return await save(report, given, moved)


async def send_back(actor: Principal, feedback_id: str, *, reason: str, given: Circumstances) -> Feedback:
    """Back to whoever wrote it, with a reason that the citizen does not read.

    Raises:
        FeedbackNotFound, MoveNotAllowed, RoleMissing, WordsMissing, StaleVersion.
    """
    report = await find(actor, feedback_id, given)
    if report.has_taken(given.operation):
        return report
    step = check(actor, report, "send_back")
    why = worded(reason, at_least=SHORTEST_REASON)
    draft = report.draft
    assert draft
    saved = await save(report, given, record(report, step, actor, given))
    # What was written is not lost with the draft's approval.
    await add_note(actor, saved, why, given, returned=draft)
    return saved


async def decide_reopening(actor: Principal, feedback_id: str, *, grant: bool, text: str, given: Circumstances) -> Feedback:
    """The leader has the last word on a second reopening. A no is explained.

    Raises:
        FeedbackNotFound, MoveNotAllowed, RoleMissing, WordsMissing, StaleVersion.
    """
    report = await find(actor, feedback_id, given)
    if report.has_taken(given.operation):
        return report
    step = check(actor, report, "grant_reopening" if grant else "decline_reopening")
    words = Plain(worded(text)) if text or not grant else None
    if grant:
        report.round += 1
    moved = record(report, step, actor, given, text=words, why="reopened" if step.target == states.REOPENED else "dispatched")
    return await save(report, given, moved)
