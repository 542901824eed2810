"""What staff let everybody read of a report."""

from litestar import Controller, delete, put
from litestar.params import JSONBody

from backend.feedback.actions import publish
from backend.feedback.api.turn import TheTurn
from backend.feedback.schemas.nearby import PublishFeedback
from backend.feedback.schemas.staff import StaffFeedbackView
from kernel.http.access import staff

PUBLISHED = "feedback.published"


class PublishedFeedback(Controller):
    """The original stays with the office; the public reads an officer's words."""

    path = "/v1/staff/feedback/{feedback_id:str}/public"
    tags = ["Staff feedback"]
    guards = [staff(*publish.ROLES)]

    @put("/", operation_id="publishFeedback", summary="Let everybody read of it")
    async def publish(self, data: JSONBody[PublishFeedback], turn: TheTurn) -> StaffFeedbackView:
        """What the map and Open311 show of it: these words, the category, how it stands, and the street."""
        return await turn.take(
            PUBLISHED, lambda given: publish.publish(turn.official, turn.report_id, data.public_text, given=given)
        )

    @delete("/", operation_id="unpublishFeedback", summary="Let nobody else read of it", status_code=200)
    async def unpublish(self, turn: TheTurn) -> StaffFeedbackView:
        """It is on no map any more."""
        return await turn.take(PUBLISHED, lambda given: publish.unpublish(turn.official, turn.report_id, given=given))
