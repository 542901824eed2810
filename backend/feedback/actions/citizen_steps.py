"""What a citizen does with a report of theirs: answer a question, take it back, say that an answer is not true."""

from collections.abc import Sequence

from backend.feedback import states
from backend.feedback.actions.steps import Circumstances, attached, check, concerned, find, record, save, take_in, worded
from backend.feedback.attachments import REPLY
from backend.feedback.documents import Feedback
from backend.feedback.errors import ReopeningsSpent, ReopeningTooLate
from backend.feedback.events import FeedbackEscalated
from kernel.principal import Principal
from kernel.privacy.field import Plain

SHORTEST_REPLY = 2
SHORTEST_REASON = 10


async def reply(actor: Principal, feedback_id: str, text: str, uploads: Sequence[str], given: Circumstances) -> Feedback:
    """Answer what the office asked: the clock of its promise runs again.

    Raises:
        FeedbackNotFound, MoveNotAllowed, WordsMissing, TooManyFiles, StaleVersion.
    """
    report = await find(actor, feedback_id, given)
    if report.has_taken(given.operation):
        return report
    step = check(actor, report, "reply")
    said = worded(text, at_least=SHORTEST_REPLY)
    take_in(report, await attached(actor, uploads, REPLY, to=report.id, given=given, beside=report.sent_by_citizen))
    moved = record(report, step, actor, given, text=Plain(said), uploads=uploads, why="resumed")
    return await save(report, given, moved)


async def withdraw(actor: Principal, feedback_id: str, given: Circumstances) -> Feedback:
    """Take the report back, while nobody has begun to work on it.

    Raises:
        FeedbackNotFound, MoveNotAllowed, StaleVersion.
    """
    report = await find(actor, feedback_id, given)
    if report.has_taken(given.operation):
        return report
    moved = record(report, check(actor, report, "withdraw"), actor, given)
    return await save(report, given, moved)


async def reopen(actor: Principal, feedback_id: str, reason: str, given: Circumstances) -> Feedback:
    """Say that the answer is not true. The first time the report is open again; the second time the leader decides.

    Raises:
        FeedbackNotFound, MoveNotAllowed, ReopeningTooLate, ReopeningsSpent, WordsMissing, StaleVersion.
    """
    report = await find(actor, feedback_id, given)
    if report.has_taken(given.operation):
        return report
    if report.state == states.CLOSED or (report.state == states.ANSWERED and given.now > report.state_at + states.REOPEN_WITHIN):
        raise ReopeningTooLate
    if report.state == states.ANSWERED and report.reopenings > 1:
        raise ReopeningsSpent
    again = report.reopenings > 0
    step = check(actor, report, "ask_to_reopen" if again else "reopen")
    said = Plain(worded(reason, at_least=SHORTEST_REASON))
    report.reopenings += 1
    if not again:
        report.round += 1
        return await save(report, given, record(report, step, actor, given, text=said, why="reopened"))
    moved = record(report, step, actor, given, text=said, why="reopening_asked")
    report.escalated_at, report.escalated_why = given.now, "reopened_again"
    leader = report.agency or report.desk
    return await save(
        report, given, moved, FeedbackEscalated(at=given.now, agency=leader, why="reopened_again", **concerned(report))
    )
