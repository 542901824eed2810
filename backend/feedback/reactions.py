"""Tell the citizen: which step of a report is worth which message."""

from datetime import timedelta

from backend.feedback import states
from backend.feedback.actions.steps import concerned
from backend.feedback.documents import Feedback
from backend.feedback.events import FeedbackChanged, FeedbackMoved, FeedbackReceived
from kernel.clock import Clock
from kernel.slice import on
from notifications.inbox.post import Notices
from notifications.notice import Notice

# What a citizen hears of the state a step has led to; every other step is in the timeline.
MESSAGES = {
    states.ASSIGNED: "feedback.assigned",
    states.AWAITING_REPORTER: "feedback.more_info",
    states.ANSWERED: "feedback.answered",
    states.REOPENED: "feedback.reopened_ack",
    states.REOPEN_REQUESTED: "feedback.reopened_ack",
    states.REJECTED: "feedback.rejected",
    states.REDIRECTED: "feedback.rejected",
    states.CLOSED: "feedback.closed",
    states.MERGED: "feedback.merged",
}
# Whoever follows a report wants to know what comes of it, not every step on the way.
FOR_FOLLOWERS = frozenset({"feedback.answered", "feedback.closed"})
STALE = timedelta(days=14)


@on(FeedbackReceived)
async def confirm(event: FeedbackReceived, notices: Notices, clock: Clock) -> None:
    """What the citizen sent has arrived."""
    report = await Feedback.get(event.feedback_id)
    if report is None or event.reporter is None or clock.now() - event.at > STALE:
        return
    await notices.post(Notice(event.reporter, "feedback.received", {"code": report.code}, link_to(report.id), dedupe_key=event.id))


@on(FeedbackMoved)
async def tell_the_citizen(event: FeedbackMoved, notices: Notices, clock: Clock) -> None:
    """One notice for each step the table says is worth one."""
    tells = next(m.tells for m in states.FEEDBACK.moves if m.name == event.move)
    message = MESSAGES.get(event.after)
    if not tells or message is None or clock.now() - event.at > STALE:
        return
    report = await Feedback.get(event.feedback_id)
    if report is None:
        return
    # Given to another agency half-way is the office's business: the citizen was told once that somebody has it.
    if event.after == states.ASSIGNED and event.before != states.CLASSIFIED:
        return
    if event.reporter:
        await notices.post(Notice(event.reporter, message, {"code": report.code}, link_to(report.id), dedupe_key=event.id))
    if message in FOR_FOLLOWERS:
        await _tell_followers(event, report.id, report.code, message, notices)


@on(FeedbackMoved)
async def refresh_merged(event: FeedbackMoved) -> None:
    """What was merged into a report shows how that one stands: its phones fetch it anew. Heard twice, it is refreshed once."""
    merged = {"merged_into": {"$eq": event.feedback_id}, "updated_at": {"$lt": event.at}}
    for report in await Feedback.find(merged).to_list():
        report.updated_at = event.at
        await report.commit(FeedbackChanged(at=event.at, **concerned(report)))


async def _tell_followers(event: FeedbackMoved, feedback_id: str, code: str, message: str, notices: Notices) -> None:
    """Who has sent the same is told of their own report, in which they read what was answered; who only follows, of this one."""
    told = set()
    merged = Feedback.get_pymongo_collection().find({"merged_into": feedback_id}, {"reporter": 1, "code": 1})
    async for row in merged:
        if (follower := row.get("reporter")) in event.followers:
            told.add(follower)
            await notices.post(Notice(follower, message, {"code": row["code"]}, link_to(row["_id"]), dedupe_key=event.id))
    for follower in event.followers:
        if follower not in told:
            await notices.post(Notice(follower, message, {"code": code}, "/feedback/followed", dedupe_key=event.id))


def link_to(feedback_id: str) -> str:
    """Where a tap on the notice leads."""
    return f"/feedback/{feedback_id}"
