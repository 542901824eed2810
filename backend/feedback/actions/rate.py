"""A citizen says how an answer was: once for each answer."""

from collections.abc import Sequence

from backend.feedback.actions.steps import Circumstances, concerned, find, save
from backend.feedback.documents import Feedback, Rating
from backend.feedback.errors import NotToBeRated, RatedAlready
from backend.feedback.events import FeedbackChanged
from backend.feedback.states import STATES
from kernel.principal import Principal
from kernel.privacy.field import Plain
from kernel.text import clean


def may_rate(state: str, round_: int, rated: Sequence[int]) -> bool:
    """Is there an answer that has not been rated yet?"""
    return STATES[state].may_rate and round_ not in rated


async def rate(
    actor: Principal,
    feedback_id: str,
    *,
    liked: bool,
    stars: int | None,
    reasons: Sequence[str],
    text: str,
    may_call: bool,
    given: Circumstances,
) -> Feedback:
    """Keep the rating of the present answer.

    Raises:
        FeedbackNotFound, NotToBeRated, RatedAlready, StaleVersion.
    """
    report = await find(actor, feedback_id, given)
    if report.has_taken(given.operation):
        return report
    if not STATES[report.state].may_rate:
        raise NotToBeRated
    if report.round in [rating.round for rating in report.ratings]:
        raise RatedAlready
    words = Plain(clean(text)) if clean(text) else None
    rating = Rating(
        round=report.round,
        at=given.now,
        liked=liked,
        stars=stars,
        reasons=list(dict.fromkeys(reasons)),
        text=words,
        may_call=may_call,
        operation=given.operation,
    )
    report.ratings, report.updated_at = [*report.ratings, rating], given.now
    return await save(report, given, FeedbackChanged(at=given.now, **concerned(report)))
