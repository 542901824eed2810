"""Tell the citizen that what they asked of their data has been answered; what the answer says is behind sign-in (SEC-77)."""

from datetime import timedelta

from backend.privacy.events import RequestAnswered
from kernel.clock import Clock
from kernel.slice import on
from notifications.inbox.post import Notices
from notifications.notice import Notice

MESSAGE = "privacy.request_answered"
STALE = timedelta(days=14)


@on(RequestAnswered)
async def tell_of_the_answer(event: RequestAnswered, notices: Notices, clock: Clock) -> None:
    """Every answer is one notice, an extension too: the citizen counts the days."""
    # Whoever hears of it that late may have been erased meanwhile, and has read the answer.
    if clock.now() - event.at <= STALE:
        await notices.post(Notice(event.subject, MESSAGE, {}, link_to(event.asked), dedupe_key=event.id))


def link_to(asked: str) -> str:
    """Where a tap on the notice leads."""
    return "/account/erasure" if asked == "erasure" else "/account/data-requests"
