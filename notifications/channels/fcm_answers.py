"""What an answer of Firebase means: one table over (status, detail, Retry-After), the same for every sender. Pure.

The rows are those of the reference of FCM's HTTP v1 API (ErrorCode, "Handling errors"); what a row does to a device, a platform or
the whole project is decided here and nowhere else (I15, I17, I20).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import Enum
from typing import Any, Final

import msgspec

from notifications.channels.port import Ambiguous, Busy, DeadTarget, Outcome, Refused, Retry, Sent, Stranger

# A device or a project over its quota rests a minute; the quota is counted by the minute.
QUOTA_PAUSE = timedelta(seconds=60)
# What only an operator mends is asked again once a minute.
OPERATOR_PAUSE = timedelta(seconds=60)
OVERLOADED_PAUSE = timedelta(seconds=10)
# FCM keeps nothing for longer, so no pause can be longer either.
LONGEST_PAUSE = timedelta(days=28)
# Seconds of a Retry-After beyond this many digits are no number of seconds any more.
_MOST_DIGITS = 9

_TOKEN_FIELDS = frozenset({"message.token", "message.fid"})


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back over HTTP."""

    status: int
    body: bytes
    retry_after: str | None = None


class Meaning(Enum):
    """Everything an answer can say."""

    ACCEPTED = "accepted"
    UNREADABLE = "200 in words that are not Firebase's"
    BAD_TARGET = "the address is malformed"
    BAD_PAYLOAD = "the message is wrong, whoever it is for"
    UNAUTHENTICATED = "our access token is not good"
    PLATFORM_AUTH = "Apple or the web push service refuses the project's key"
    OTHER_PROJECT = "the address belongs to another project"
    DENIED = "our account may not send"
    UNREGISTERED = "the app instance is gone"
    NO_PROJECT = "there is no such project under this address"
    DEVICE_QUOTA = "this device has had too many"
    PROJECT_QUOTA = "the project has sent too many"
    INTERNAL = "something broke at the provider"
    UNAVAILABLE = "the provider is overloaded"
    STRANGE = "an answer nobody has documented"


_FCM_WORDS: Final = {
    "UNREGISTERED": Meaning.UNREGISTERED,
    "SENDER_ID_MISMATCH": Meaning.OTHER_PROJECT,
    "QUOTA_EXCEEDED": Meaning.DEVICE_QUOTA,
    "THIRD_PARTY_AUTH_ERROR": Meaning.PLATFORM_AUTH,
    "APNS_AUTH_ERROR": Meaning.PLATFORM_AUTH,
    "INTERNAL": Meaning.INTERNAL,
    "UNAVAILABLE": Meaning.UNAVAILABLE,
}
# FCM's own word counts only under the status it belongs to: a 500 that says UNREGISTERED condemns nobody.
_WORDS_OF: Final[Mapping[int, frozenset[str]]] = {
    401: frozenset({"THIRD_PARTY_AUTH_ERROR", "APNS_AUTH_ERROR"}),
    403: frozenset({"SENDER_ID_MISMATCH"}),
    404: frozenset({"UNREGISTERED"}),
    429: frozenset({"QUOTA_EXCEEDED"}),
    500: frozenset({"INTERNAL"}),
    503: frozenset({"UNAVAILABLE"}),
}
_BARE: Final = {
    400: Meaning.BAD_PAYLOAD,
    401: Meaning.UNAUTHENTICATED,
    403: Meaning.DENIED,
    404: Meaning.NO_PROJECT,
    # Without a word of FCM's own it is the project's quota (ErrorInfo RATE_LIMIT_EXCEEDED), or nobody says whose: slow down all.
    429: Meaning.PROJECT_QUOTA,
    500: Meaning.INTERNAL,
    503: Meaning.UNAVAILABLE,
}

_Row = Callable[[str, timedelta | None], Outcome]
TABLE: Final[Mapping[Meaning, _Row]] = {
    Meaning.ACCEPTED: lambda name, _: Sent(name),
    Meaning.UNREADABLE: lambda word, _: Ambiguous(word),
    Meaning.BAD_TARGET: lambda word, _: DeadTarget(word),
    Meaning.BAD_PAYLOAD: lambda word, _: Refused(word),
    Meaning.UNAUTHENTICATED: lambda word, after: Retry(word, after or OPERATOR_PAUSE, "project"),
    Meaning.PLATFORM_AUTH: lambda word, after: Retry(word, after or OPERATOR_PAUSE, "platform"),
    Meaning.OTHER_PROJECT: lambda word, _: Stranger(word),
    Meaning.DENIED: lambda word, after: Retry(word, after or OPERATOR_PAUSE, "project"),
    Meaning.UNREGISTERED: lambda word, _: DeadTarget(word),
    Meaning.NO_PROJECT: lambda word, after: Retry(word, after or OPERATOR_PAUSE, "project"),
    Meaning.DEVICE_QUOTA: lambda word, after: Retry(word, max(after or QUOTA_PAUSE, QUOTA_PAUSE)),
    Meaning.PROJECT_QUOTA: lambda word, after: Busy(word, after or QUOTA_PAUSE, stop=True),
    Meaning.INTERNAL: Ambiguous,
    Meaning.UNAVAILABLE: lambda word, after: Busy(word, after or OVERLOADED_PAUSE),
    Meaning.STRANGE: Ambiguous,
}


def outcome_of(answer: Answer, now: datetime) -> Outcome:
    """What an answer means for this push, this device and everybody else."""
    meaning = meaning_of(answer)
    word = accepted_name(answer.body) if meaning is Meaning.ACCEPTED else meaning.name.lower()
    return TABLE[meaning](word or "", pause_asked(answer.retry_after, now))


def meaning_of(answer: Answer) -> Meaning:
    """The row of an answer, whatever its body is."""
    if answer.status == 200:  # noqa: PLR2004 - HTTP OK
        return Meaning.ACCEPTED if accepted_name(answer.body) else Meaning.UNREADABLE
    error = _error(answer.body)
    word = _fcm_word(error)
    if word in _WORDS_OF.get(answer.status, ()):
        return _FCM_WORDS[word]
    if answer.status == 400 and _names_the_target(error, word):  # noqa: PLR2004 - HTTP Bad Request
        return Meaning.BAD_TARGET
    return _BARE.get(answer.status, Meaning.STRANGE)


class _Accepted(msgspec.Struct):
    name: str


_accepted = msgspec.json.Decoder(_Accepted)


def accepted_name(body: bytes) -> str | None:
    """The name Firebase gave the message; None where there is none."""
    try:
        return _accepted.decode(body).name or None
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def pause_asked(raw: str | None, now: datetime) -> timedelta | None:
    """`Retry-After` in seconds or as a date (RFC 9110 section 10.2.3), nothing where it is neither."""
    if not raw:
        return None
    raw = raw.strip()
    if raw.isascii() and raw.isdigit():
        return LONGEST_PAUSE if len(raw) > _MOST_DIGITS else min(timedelta(seconds=int(raw)), LONGEST_PAUSE)
    try:
        asked = parsedate_to_datetime(raw) - now
    except (TypeError, ValueError, OverflowError):
        return None
    return min(max(asked, timedelta()), LONGEST_PAUSE)


def _error(body: bytes) -> dict[str, Any]:
    """google.rpc.Status as far as it is there; bodies come as HTML, as text, and as JSON of any other shape too."""
    try:
        parsed = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return {}
    error = parsed.get("error") if isinstance(parsed, dict) else None
    return error if isinstance(error, dict) else {}


def _details(error: dict[str, Any]) -> list[dict[str, Any]]:
    details = error.get("details")
    return [detail for detail in details if isinstance(detail, dict)] if isinstance(details, list) else []


def _fcm_word(error: dict[str, Any]) -> str:
    words = (detail.get("errorCode") for detail in _details(error) if str(detail.get("@type", "")).endswith("FcmError"))
    return next((word for word in words if isinstance(word, str)), "")


def _names_the_target(error: dict[str, Any], word: str) -> bool:
    """A 400 condemns the device only when Firebase itself says that the registration is what is malformed."""
    lists = (detail.get("fieldViolations") for detail in _details(error))
    violations = [one for found in lists if isinstance(found, list) for one in found if isinstance(one, dict)]
    if violations:
        return any(violation.get("field") in _TOKEN_FIELDS for violation in violations)
    return word == "INVALID_ARGUMENT" and "registration token" in str(error.get("message", ""))
