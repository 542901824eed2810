"""What an answer of Zalo's notification service means: one table over the `error` in a body that comes with 200. Pure.

The codes are those of "Cách xử lý mã lỗi" (zalo.cloud, ZNS). Zalo never gives a number up: that nobody uses Zalo under it says
nothing about its telephone, which its owner has confirmed.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, Final

import msgspec

from notifications.channels.fcm_answers import OPERATOR_PAUSE, QUOTA_PAUSE, pause_asked
from notifications.channels.over_http import Answered, Lost, NeverSent, Reply
from notifications.channels.port import Ambiguous, Busy, Outcome, Refused, Retry, Sent

# A day's quota and an empty account are not mended by asking every minute.
SPENT_PAUSE = timedelta(minutes=30)


class Meaning(Enum):
    """Everything an answer can say."""

    ACCEPTED = "accepted"
    UNREADABLE = "accepted, in words that are not Zalo's"
    NOT_SENT = "nobody listens"
    NO_ANSWER = "it has left, and nothing came back"
    NOT_LET_IN = "our access token is not good"
    OUR_SETUP = "app, account or template are not as they have to be"
    BAD_TEXT = "what we put into the template is wrong"
    UNREACHED = "nobody uses Zalo under this number, or not so that this could be shown"
    DECLINED = "its reader does not want it from us, or not at night"
    SPENT = "our quota or our money is spent"
    TOO_MANY = "we are too fast"
    BROKEN = "something broke, and nobody knows when"


def _all(*codes: int, meaning: Meaning) -> dict[int, Meaning]:
    return dict.fromkeys(codes, meaning)


CODES: Final[Mapping[int, Meaning]] = {
    -100: Meaning.BROKEN,
    **_all(-101, -102, -103, -104, -105, -106, -109, -117, -120, -125, -127, -131, -135, -146, meaning=Meaning.OUR_SETUP),
    **_all(-107, -111, -112, -113, -116, -122, -130, -132, meaning=Meaning.BAD_TEXT),
    **_all(-108, -110, -118, -119, meaning=Meaning.UNREACHED),
    **_all(-114, -133, -134, -139, -141, meaning=Meaning.DECLINED),
    **_all(-115, -126, -144, -145, -147, meaning=Meaning.SPENT),
    -124: Meaning.NOT_LET_IN,
}
_BY_STATUS: Final = {401: Meaning.NOT_LET_IN, 403: Meaning.OUR_SETUP, 404: Meaning.OUR_SETUP, 429: Meaning.TOO_MANY}

_Row = Callable[[str, timedelta | None], Outcome]
TABLE: Final[Mapping[Meaning, _Row]] = {
    Meaning.ACCEPTED: lambda name, _: Sent(name),
    Meaning.UNREADABLE: lambda word, _: Ambiguous(word),
    Meaning.NOT_SENT: lambda word, _: Retry(word, OPERATOR_PAUSE, "project"),
    Meaning.NO_ANSWER: lambda word, _: Ambiguous(word),
    Meaning.NOT_LET_IN: lambda word, _: Retry(word, OPERATOR_PAUSE, "project"),
    Meaning.OUR_SETUP: lambda word, _: Retry(word, OPERATOR_PAUSE, "project"),
    Meaning.BAD_TEXT: lambda word, _: Refused(word),
    Meaning.UNREACHED: lambda word, _: Refused(word),
    Meaning.DECLINED: lambda word, _: Refused(word),
    Meaning.SPENT: lambda word, _: Busy(word, SPENT_PAUSE),
    Meaning.TOO_MANY: lambda word, after: Busy(word, after or QUOTA_PAUSE),
    Meaning.BROKEN: lambda word, _: Ambiguous(word),
}


def outcome_of(reply: Reply, now: datetime) -> Outcome:
    """What a reply means for this text and for everybody else."""
    meaning = meaning_of(reply)
    word = meaning.name.lower()
    if not isinstance(reply, Answered):
        return TABLE[meaning](word, None)
    said = said_in(reply.body)
    if meaning is Meaning.ACCEPTED:
        word = str(said["data"]["msg_id"])
    elif isinstance(said.get("error"), int):
        word = f"{word} {said['error']}"
    return TABLE[meaning](word, pause_asked(reply.retry_after, now))


def meaning_of(reply: Reply) -> Meaning:
    """The row of a reply, whatever its body is. A code nobody has written down is not known to mean that nothing was sent."""
    match reply:
        case NeverSent():
            return Meaning.NOT_SENT
        case Lost():
            return Meaning.NO_ANSWER
        case Answered(200, body):
            said = said_in(body)
            error, data = said.get("error"), said.get("data")
            if error == 0:
                return Meaning.ACCEPTED if isinstance(data, dict) and data.get("msg_id") else Meaning.UNREADABLE
            return CODES.get(error, Meaning.BROKEN) if isinstance(error, int) else Meaning.UNREADABLE
        case Answered(status):
            return _BY_STATUS.get(status, Meaning.BROKEN)


def said_in(body: bytes) -> dict[str, Any]:
    """The body as an object; empty where it is none."""
    try:
        parsed = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return {}
    return parsed if isinstance(parsed, dict) else {}
