"""What an answer of an SMS gateway means: one table over (status, its own word, Retry-After), as the one of Firebase's. Pure.

The gateway is asked over plain HTTP (docs/operations.md, "Instead of a push"): `POST {"to", "from", "text", "reference"}` answers
202 with an `id`, or a status with an `error`.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, Final

import msgspec

from notifications.channels.fcm_answers import OPERATOR_PAUSE, OVERLOADED_PAUSE, QUOTA_PAUSE, pause_asked
from notifications.channels.over_http import Answered, Lost, NeverSent, Reply
from notifications.channels.port import Ambiguous, Busy, DeadTarget, Outcome, Refused, Retry, Sent


class Meaning(Enum):
    """Everything an answer can say."""

    ACCEPTED = "accepted"
    KNOWN = "it has been accepted before, under this reference"
    UNREADABLE = "accepted, in words that are not the gateway's"
    NOT_SENT = "nobody listens"
    NO_ANSWER = "it has left, and nothing came back"
    DEAD_NUMBER = "no telephone has this number"
    REFUSED = "the gateway will never take this text"
    LOGIN_REFUSED = "our token is not good"
    NO_CREDIT = "our account is empty"
    NO_GATEWAY = "there is no gateway under this address"
    TOO_MANY = "we are too fast"
    UNAVAILABLE = "the gateway takes nothing now"
    BROKEN = "something broke, and nobody knows when"


_BY_STATUS: Final = {
    401: Meaning.LOGIN_REFUSED,
    402: Meaning.NO_CREDIT,
    403: Meaning.LOGIN_REFUSED,
    404: Meaning.NO_GATEWAY,
    405: Meaning.NO_GATEWAY,
    409: Meaning.KNOWN,
    429: Meaning.TOO_MANY,
    503: Meaning.UNAVAILABLE,
}
# Only what the gateway says of the number itself; a 400 without a word is about our text.
_DEAD: Final = {"invalid_number", "unknown_subscriber"}

_Row = Callable[[str, timedelta | None], Outcome]
TABLE: Final[Mapping[Meaning, _Row]] = {
    Meaning.ACCEPTED: lambda name, _: Sent(name),
    Meaning.KNOWN: lambda name, _: Sent(name),
    Meaning.UNREADABLE: lambda word, _: Ambiguous(word),
    Meaning.NOT_SENT: lambda word, _: Retry(word, OPERATOR_PAUSE, "project"),
    Meaning.NO_ANSWER: lambda word, _: Ambiguous(word),
    Meaning.DEAD_NUMBER: lambda word, _: DeadTarget(word),
    Meaning.REFUSED: lambda word, _: Refused(word),
    Meaning.LOGIN_REFUSED: lambda word, after: Retry(word, after or OPERATOR_PAUSE, "project"),
    Meaning.NO_CREDIT: lambda word, after: Retry(word, after or OPERATOR_PAUSE, "project"),
    Meaning.NO_GATEWAY: lambda word, after: Retry(word, after or OPERATOR_PAUSE, "project"),
    Meaning.TOO_MANY: lambda word, after: Busy(word, after or QUOTA_PAUSE),
    Meaning.UNAVAILABLE: lambda word, after: Busy(word, after or OVERLOADED_PAUSE),
    Meaning.BROKEN: lambda word, _: Ambiguous(word),
}


def outcome_of(reply: Reply, reference: str, now: datetime) -> Outcome:
    """What a reply means for this text, this number and everybody else."""
    meaning = meaning_of(reply)
    word = meaning.name.lower()
    if meaning is Meaning.ACCEPTED and isinstance(reply, Answered):
        word = str(_said(reply.body)["id"])
    elif meaning is Meaning.KNOWN:
        word = reference
    return TABLE[meaning](word, pause_asked(reply.retry_after, now) if isinstance(reply, Answered) else None)


def meaning_of(reply: Reply) -> Meaning:
    """The row of a reply, whatever its body is."""
    match reply:
        case NeverSent():
            return Meaning.NOT_SENT
        case Lost():
            return Meaning.NO_ANSWER
        case Answered(status, body) if status in {200, 201, 202}:
            return Meaning.ACCEPTED if _said(body).get("id") else Meaning.UNREADABLE
        case Answered(status) if status in _BY_STATUS:
            return _BY_STATUS[status]
        case Answered(status, body) if status in {400, 422}:
            return Meaning.DEAD_NUMBER if _said(body).get("error") in _DEAD else Meaning.REFUSED
    return Meaning.BROKEN


def _said(body: bytes) -> dict[str, Any]:
    try:
        parsed = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return {}
    return parsed if isinstance(parsed, dict) else {}
