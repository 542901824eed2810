"""What feedback brings to the app."""

from collections.abc import Sequence
from typing import Any

from litestar import Request
from litestar.di import NamedDependency, Provide

from backend.agencies.queries import AgencyNames
from backend.feedback import queries
from backend.feedback.actions.steps import Circumstances
from backend.feedback.api.bulk import ManyReports
from backend.feedback.api.citizen import CitizenFeedback
from backend.feedback.api.desk import feedback_desk
from backend.feedback.api.handling import HandleFeedback
from backend.feedback.api.nearby import FeedbackMap, NearbyFeedback
from backend.feedback.api.public import PublicFeedback
from backend.feedback.api.publishing import PublishedFeedback
from backend.feedback.api.staff import StaffFeedback
from backend.feedback.api.turn import feedback_turn
from backend.feedback.api.views import FeedbackViewer
from backend.feedback.attachments import Attachments
from backend.feedback.documents import Feedback, StaffNote
from backend.feedback.personal_data import PERSONAL_DATA
from backend.feedback.place_consent import ASKED_EACH_TIME, PlaceConsents
from backend.feedback.reactions import confirm, refresh_merged, tell_the_citizen
from backend.feedback.schemas.citizen import FeedbackCopy
from backend.feedback.sla import version_of
from kernel.http.given import Language, TheCalendar, TheClock, TheFresh, TheOperation
from kernel.slice import Asked, Slice, Synced
from kernel.state_calendar import calendar_at

FOR_EVERYBODY = (PublicFeedback, FeedbackMap)
FOR_CITIZENS = (NearbyFeedback, CitizenFeedback)
FOR_STAFF = (StaffFeedback, HandleFeedback, PublishedFeedback, ManyReports)


async def feedback_viewer(
    request: Request[Any, Any, Any],
    language: Language,
    agencies: NamedDependency[AgencyNames],
    clock: TheClock,
    calendar: TheCalendar,
    fresh: TheFresh,
) -> FeedbackViewer:
    """Shows reports to this request's reader, who may be nobody."""
    names = await agencies.load()
    fresh.depends_on(names.version, version_of(calendar))
    return FeedbackViewer(request.scope.get("user"), language, names, clock.now(), calendar)


async def copies(asked: Asked, ids: Sequence[str], agencies: AgencyNames) -> dict[str, FeedbackCopy]:
    """What phones keep of these reports."""
    shown = FeedbackViewer(asked.actor, asked.language, await agencies.load(), asked.now, calendar_at(asked.now))
    return {row["_id"]: shown.copy(row) for row in await queries.among(asked.reads, asked.actor, ids)}


def build_slice(attachments: Attachments, places: PlaceConsents = ASKED_EACH_TIME) -> Slice:
    """Feedback, with whoever keeps uploads and consents."""

    async def circumstances(clock: TheClock, calendar: TheCalendar, operation: TheOperation) -> Circumstances:
        return Circumstances(clock.now(), calendar, attachments, operation.id, places=places)

    return Slice(
        name="feedback",
        routes=[*FOR_EVERYBODY, *FOR_CITIZENS, *FOR_STAFF],
        documents=[Feedback, StaffNote],
        reactions=[confirm, tell_the_citizen, refresh_merged],
        personal_data=[PERSONAL_DATA],
        synced=[Synced("feedback", Feedback, by="reporter", view=FeedbackCopy, copies=copies)],
        dependencies={
            "feedback_viewer": Provide(feedback_viewer),
            "circumstances": Provide(circumstances),
            "feedback_desk": Provide(feedback_desk),
            "turn": Provide(feedback_turn),
        },
    )
