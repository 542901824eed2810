"""The agency at work on a report: begin, ask, hand to somebody outside and take it back."""

from backend.feedback.actions.steps import Circumstances, check, find, record, save, worded
from backend.feedback.documents import Feedback
from kernel.principal import Principal
from kernel.privacy.field import Plain


async def start(actor: Principal, feedback_id: str, *, given: Circumstances) -> Feedback:
    """It is this officer's now.

    Raises:
        FeedbackNotFound, MoveNotAllowed, RoleMissing, StaleVersion, PreconditionFailed.
    """
    report = await find(actor, feedback_id, given)
    if report.has_taken(given.operation):
        return report
    step = check(actor, report, "start")
    report.assignee, report.officer = actor.id, actor.name
    return await save(report, given, record(report, step, actor, given))


async def tell_and_move(actor: Principal, feedback_id: str, move: str, *, text: str, given: Circumstances) -> Feedback:
    """`ask_reporter` or `forward`: the citizen reads what is asked, or who has it now.

    Raises:
        FeedbackNotFound, MoveNotAllowed, RoleMissing, WordsMissing, StaleVersion.
    """
    report = await find(actor, feedback_id, given)
    if report.has_taken(given.operation):
        return report
    step = check(actor, report, move)
    return await save(report, given, record(report, step, actor, given, text=Plain(worded(text))))


async def take_back(actor: Principal, feedback_id: str, *, given: Circumstances) -> Feedback:
    """What somebody outside did is done, or will not be.

    Raises:
        FeedbackNotFound, MoveNotAllowed, RoleMissing, StaleVersion, PreconditionFailed.
    """
    report = await find(actor, feedback_id, given)
    if report.has_taken(given.operation):
        return report
    return await save(report, given, record(report, check(actor, report, "take_back"), actor, given))
