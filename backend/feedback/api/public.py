"""What anybody may read: categories, the right doors, and a report by its code and secret."""

from litestar import Controller, get, post
from litestar.params import JSONBody
from msgspec import UNSET

from backend.feedback import queries
from backend.feedback.api.views import TheFeedbackViewer
from backend.feedback.categories import CATEGORIES
from backend.feedback.doors import DOORS, RATING_REASONS
from backend.feedback.routing import COMMUNES
from backend.feedback.schemas.public import (
    FeedbackCategories,
    FeedbackCategory,
    FeedbackDoor,
    FeedbackDoors,
    FollowedFeedback,
    FollowFeedback,
    RatingReasonView,
)
from backend.feedback.schemas.shared import CodedLabel
from kernel.http.access import everybody
from kernel.http.given import Language, TheFresh, TheReads
from kernel.http.limits import limited


class PublicFeedback(Controller):
    """Before somebody signs in, and without it."""

    path = "/v1/feedback"
    tags = ["Feedback"]
    guards = [everybody]

    @get("/categories", operation_id="listFeedbackCategories", summary="What a report can be about")
    async def list_categories(self, language: Language, fresh: TheFresh) -> FeedbackCategories:
        """The ten categories with the kinds of report each takes, the communes, and the standard reasons of a rating."""
        fresh.at(0)
        return FeedbackCategories(
            categories=[
                FeedbackCategory(code=row.code, label=row.words.said(language), kinds=list(row.kinds))
                for row in CATEGORIES.values()
            ],
            communes=[CodedLabel(code=code, label=unit.name) for code, unit in COMMUNES.items()],
            rating_reasons=[
                RatingReasonView(
                    code=code, label=reason.words.said(language), liked=reason.liked, suggests_reopening=reason.suggests_reopening
                )
                for code, reason in RATING_REASONS.items()
            ],
        )

    @get("/doors", operation_id="listFeedbackDoors", summary="Which door is the right one")
    async def list_doors(self, language: Language, fresh: TheFresh) -> FeedbackDoors:
        """To be shown before somebody writes: what is dealt with here, and where to go with what is not."""
        fresh.at(0)
        return FeedbackDoors(
            doors=[
                FeedbackDoor(
                    kind=door.kind,
                    label=door.words.said(language),
                    open_here=door.open_here,
                    explanation=door.explanation.said(language),
                    address=door.address or UNSET,
                    phone=door.phone or UNSET,
                )
                for door in DOORS.values()
            ]
        )

    @post(
        "/follow",
        operation_id="followFeedback",
        summary="A report by its code and secret",
        status_code=200,
        opt=limited("lookup"),
    )
    async def follow(self, data: JSONBody[FollowFeedback], reads: TheReads, feedback_viewer: TheFeedbackViewer) -> FollowedFeedback:
        """How a report stands, for whoever holds its code and secret. A wrong secret and an unknown code are the same answer."""
        return feedback_viewer.followed(await queries.followed(reads, data.code, data.secret))
