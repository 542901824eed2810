"""What feedback brings to the app."""

from typing import Any

from litestar import Request
from litestar.di import NamedDependency, Provide

from backend.agencies.queries import AgencyNames
from backend.feedback.actions.steps import Circumstances
from backend.feedback.api.citizen import CitizenFeedback
from backend.feedback.api.desk import feedback_desk
from backend.feedback.api.handling import HandleFeedback
from backend.feedback.api.public import PublicFeedback
from backend.feedback.api.staff import StaffFeedback
from backend.feedback.api.views import FeedbackViewer
from backend.feedback.attachments import Attachments, NoUploads
from backend.feedback.documents import Feedback, StaffNote
from backend.feedback.personal_data import PERSONAL_DATA
from backend.feedback.place_consent import ASKED_EACH_TIME, PlaceConsents
from backend.feedback.reactions import confirm, tell_the_citizen
from kernel.http.given import Language, TheCalendar, TheClock
from kernel.slice import Slice


async def feedback_viewer(
    request: Request[Any, Any, Any],
    language: Language,
    agencies: NamedDependency[AgencyNames],
    clock: TheClock,
    calendar: TheCalendar,
) -> FeedbackViewer:
    """Shows reports to this request's reader, who may be nobody."""
    return FeedbackViewer(request.scope.get("user"), language, await agencies.load(), clock.now(), calendar)


def build_slice(attachments: Attachments | None = None, places: PlaceConsents | None = None) -> Slice:
    """Feedback, with whoever keeps uploads and consents; until somebody does, a report with uploads is refused and none is lost."""
    keeper, consents = attachments or NoUploads(), places or ASKED_EACH_TIME

    async def circumstances(clock: TheClock, calendar: TheCalendar) -> Circumstances:
        return Circumstances(clock.now(), calendar, keeper, places=consents)

    return Slice(
        name="feedback",
        routes=[PublicFeedback, CitizenFeedback, StaffFeedback, HandleFeedback],
        documents=[Feedback, StaffNote],
        reactions=[confirm, tell_the_citizen],
        personal_data=[PERSONAL_DATA],
        dependencies={
            "feedback_viewer": Provide(feedback_viewer),
            "circumstances": Provide(circumstances),
            "feedback_desk": Provide(feedback_desk),
        },
    )
