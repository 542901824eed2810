"""Me too: somebody has seen the same, and hears what comes of it without having to report it again."""

from backend.feedback.actions.steps import Circumstances, concerned, save
from backend.feedback.documents import Feedback
from backend.feedback.errors import FeedbackNotFound, TooManyFollowers
from backend.feedback.events import FeedbackChanged
from backend.feedback.neighbours import open_to_neighbours
from kernel.principal import Principal

# They lie in the report itself.
MOST_FOLLOWERS = 2_000


async def follow(actor: Principal, feedback_id: str, *, given: Circumstances) -> Feedback:
    """The actor hears what becomes of it; following twice, or one's own, changes nothing.

    Raises:
        FeedbackNotFound: neighbours are not shown such a report.
        TooManyFollowers, StaleVersion.
    """
    report = await Feedback.find_one({"_id": {"$eq": feedback_id}, **open_to_neighbours()})
    if report is None:
        raise FeedbackNotFound
    if actor.recipient in (report.reporter, *report.followers):
        return report
    if len(report.followers) >= MOST_FOLLOWERS:
        raise TooManyFollowers
    report.remember()
    report.followers = [*report.followers, actor.recipient]
    return await save(report, given, FeedbackChanged(at=given.now, **concerned(report)))


async def unfollow(actor: Principal, feedback_id: str, *, given: Circumstances) -> None:
    """The actor hears no more of it; who does not follow has nothing to leave.

    Raises:
        StaleVersion.
    """
    report = await Feedback.find_one({"_id": {"$eq": feedback_id}, "followers": {"$eq": actor.recipient}})
    if report is None:
        return
    report.remember()
    report.followers = [one for one in report.followers if one != actor.recipient]
    await save(report, given, FeedbackChanged(at=given.now, **concerned(report)))
