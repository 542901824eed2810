"""What everybody may read of a report: an officer writes it, from what the citizen wrote and in words that give nobody away."""

from backend.feedback import states
from backend.feedback.actions.steps import Circumstances, concerned, find, save, worded
from backend.feedback.documents import Feedback, Public
from backend.feedback.errors import NotForThePublic
from backend.feedback.events import FeedbackChanged
from kernel.errors import RoleMissing
from kernel.principal import Principal

ROLES = frozenset({"dispatcher", "handler", "approver"})


async def publish(actor: Principal, feedback_id: str, text: str, *, given: Circumstances) -> Feedback:
    """Let everybody read `text`; what the citizen wrote stays as it is. Again with other words, it is corrected.

    Raises:
        FeedbackNotFound, RoleMissing, NotForThePublic, WordsMissing, PreconditionFailed, StaleVersion.
    """
    report = await _mine_to_publish(actor, feedback_id, given)
    if report.state in states.NEVER_PUBLIC:
        raise NotForThePublic
    said = worded(text)
    if report.public and report.public.text == said:
        return report
    report.public = Public(text=said, at=given.now, by=actor.id)
    return await _changed(report, given)


async def unpublish(actor: Principal, feedback_id: str, *, given: Circumstances) -> Feedback:
    """Let nobody else read it any more.

    Raises:
        FeedbackNotFound, RoleMissing, PreconditionFailed, StaleVersion.
    """
    report = await _mine_to_publish(actor, feedback_id, given)
    if report.public is None:
        return report
    report.public = None
    return await _changed(report, given)


async def _mine_to_publish(actor: Principal, feedback_id: str, given: Circumstances) -> Feedback:
    report = await find(actor, feedback_id, given)
    if not ROLES & actor.at(report.desk, report.agency).roles:
        raise RoleMissing
    return report


async def _changed(report: Feedback, given: Circumstances) -> Feedback:
    report.updated_at = max(given.now, report.updated_at)
    return await save(report, given, FeedbackChanged(at=given.now, **concerned(report)))
