"""What has happened to a request about personal data. Ids and words of ours only: no personal word leaves with an event."""

from kernel.events import Event


class RequestAnswered(Event, frozen=True, kw_only=True, tag="privacy.request_answered"):
    """An administrator has answered what `subject` asked: acknowledged, carried out, refused or extended it.

    `asked` is what for (`DueRequest.kind`), `answer` what was done.
    """

    request_id: str
    subject: str
    asked: str
    answer: str
