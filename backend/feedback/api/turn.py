"""A turn at the desk: one step an official takes, on record before it is taken and again once it has been."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from litestar.di import NamedDependency
from litestar.params import FromPath

from backend.feedback.actions.steps import Circumstances
from backend.feedback.api.desk import FeedbackDesk, TheFeedbackDesk
from backend.feedback.api.given import TheCircumstances
from backend.feedback.documents import Feedback
from backend.feedback.schemas.staff import StaffFeedbackView
from kernel.http.given import Actor, IfMatch
from kernel.principal import Principal


@dataclass(frozen=True)
class Turn:
    """Who takes the step, with which report, and what the verb is handed beside its facts."""

    official: Principal
    report_id: str
    desk: FeedbackDesk
    given: Circumstances

    async def take(self, act: str, step: Callable[[Circumstances], Awaitable[Feedback]]) -> StaffFeedbackView:
        """The report after the `step`, which goes on record as the `act`.

        Raises:
            FeedbackNotFound, AuditUnavailable.
        """
        await self.desk.about_to(act, self.report_id)
        changed = await step(self.given)
        return await self.desk.show(self.report_id, after=act, changed=changed)


async def feedback_turn(
    actor: Actor, feedback_id: FromPath[str], feedback_desk: TheFeedbackDesk, circumstances: TheCircumstances, if_match: IfMatch
) -> Turn:
    """The turn of this request's official; with `If-Match`, what somebody else has changed meanwhile is not overwritten."""
    return Turn(actor, feedback_id, feedback_desk, circumstances.only(if_match))


TheTurn = NamedDependency[Turn]
