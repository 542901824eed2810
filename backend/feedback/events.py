"""What has happened to a report. Ids and names of states only: no personal word leaves with an event."""

from kernel.events import Event


class FeedbackEvent(Event, frozen=True, kw_only=True, tag="feedback.event"):
    """Something about one report. `reporter` and `followers` are data subjects: whom it concerns."""

    feedback_id: str
    reporter: str | None
    followers: list[str] = []


class FeedbackReceived(FeedbackEvent, frozen=True, kw_only=True, tag="feedback.received"):
    """A citizen has sent a report, and it is on our disk."""


class FeedbackMoved(FeedbackEvent, frozen=True, kw_only=True, tag="feedback.moved"):
    """A report took a step of the table. `round` counts its answers, beginning with 1."""

    move: str
    before: str
    after: str
    round: int


class FeedbackChanged(FeedbackEvent, frozen=True, kw_only=True, tag="feedback.changed"):
    """Something else that its citizen sees of a report has changed: a rating, a promise, a follower."""


class FeedbackEscalated(FeedbackEvent, frozen=True, kw_only=True, tag="feedback.escalated"):
    """A report is before the leader of `agency`: `urgent`, `late` or `reopened_again`."""

    agency: str
    why: str


class NobodyOnDuty(FeedbackEvent, frozen=True, kw_only=True, tag="feedback.nobody_on_duty"):
    """A report lies at an agency where nobody has one of `roles`."""

    agency: str
    roles: list[str]
