"""What an answer of a mail server means: one table over (command, code, enhanced status), as the one of Firebase's. Pure.

RFC 5321, 4.2.1 and 4.3.2 for the codes, RFC 3463 for the enhanced ones. A mailbox is dead only when the server itself says that it
is the address that is wrong (X.1.x, or X.2.1: disabled): a bare 550 is as often a refusal of us (I17).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Final, Literal

from notifications.channels.port import Ambiguous, Busy, DeadTarget, Outcome, Refused, Retry, Sent

# A server that puts us off (greylisting, a full mailbox) is asked again no sooner.
PUT_OFF = timedelta(minutes=1)
OPERATOR_PAUSE = timedelta(seconds=60)

Command = Literal["connect", "auth", "mail", "rcpt", "data", "content"]
"""How far we have come. `content` is on its way: what is lost there may have been taken."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, to which command; code 0 where nothing did."""

    command: Command
    code: int = 0
    text: str = ""


class Meaning(Enum):
    """Everything an answer can say."""

    ACCEPTED = "accepted"
    NOT_SENT = "nobody answered, and nothing of the message had left"
    NO_ANSWER = "the message had left, and nothing came back"
    CLOSING = "the server is closing down, or we are too many (421)"
    LOGIN_REFUSED = "our name and password are not good"
    SENDER_REFUSED = "we may not send under this address"
    DEAD_MAILBOX = "nobody has this address any more"
    PUT_OFF = "not now"
    REFUSED = "the server will never take this message"


_Row = Callable[[str], Outcome]
TABLE: Final[Mapping[Meaning, _Row]] = {
    Meaning.ACCEPTED: Sent,
    Meaning.NOT_SENT: lambda word: Retry(word, PUT_OFF, "project"),
    Meaning.NO_ANSWER: Ambiguous,
    Meaning.CLOSING: lambda word: Busy(word, PUT_OFF),
    Meaning.LOGIN_REFUSED: lambda word: Retry(word, OPERATOR_PAUSE, "project"),
    Meaning.SENDER_REFUSED: lambda word: Retry(word, OPERATOR_PAUSE, "project"),
    Meaning.DEAD_MAILBOX: DeadTarget,
    Meaning.PUT_OFF: lambda word: Retry(word, PUT_OFF),
    Meaning.REFUSED: Refused,
}
_ENHANCED = re.compile(r"^([245])\.(\d{1,3})\.(\d{1,3})(?:\s|$)")
_DEAD: Final = {"1.1", "1.2", "1.3", "1.6", "1.10", "2.1"}


def outcome_of(answer: Answer, reference: str) -> Outcome:
    """What an answer means for this message, this mailbox and everybody else; what was accepted is known by our `reference`."""
    meaning = meaning_of(answer)
    word = meaning.name.lower()
    return TABLE[meaning](reference if meaning is Meaning.ACCEPTED else f"{word} {answer.code}" if answer.code else word)


def meaning_of(answer: Answer) -> Meaning:
    """The row of an answer, whatever its text is."""
    kind = answer.code // 100
    if kind == 2 and answer.command == "content":  # noqa: PLR2004 - completed (RFC 5321, 4.2.1)
        return Meaning.ACCEPTED
    if kind not in {4, 5}:
        # Nothing, or something that is no answer to what was said.
        return Meaning.NO_ANSWER if answer.command == "content" else Meaning.NOT_SENT
    if answer.code == 421:  # noqa: PLR2004 - service not available (RFC 5321, 4.2.3)
        return Meaning.CLOSING
    if answer.command == "connect":
        return Meaning.NOT_SENT
    if kind == 4:  # noqa: PLR2004 - transient
        return Meaning.PUT_OFF
    return _for_good(answer)


def _for_good(answer: Answer) -> Meaning:
    found = _ENHANCED.match(answer.text)
    match answer.command:
        case "auth":
            return Meaning.LOGIN_REFUSED
        case "mail":
            return Meaning.SENDER_REFUSED
        case "rcpt" if found and f"{int(found[2])}.{int(found[3])}" in _DEAD:
            return Meaning.DEAD_MAILBOX
    return Meaning.REFUSED
