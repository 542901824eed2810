"""Every row of the table in delivery.md section 2: what Firebase's answer means for this push and this device."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from firebase_admin import exceptions, messaging
from urllib3.exceptions import MaxRetryError, NewConnectionError

from notifications.channels.fcm import DEVICE_PAUSE, outcome_of
from notifications.channels.port import Ambiguous, DeadTarget, Outcome, Refused, Retry

NOW = datetime(2026, 7, 1, 8, tzinfo=UTC)


def answered(error: Any, status: int, error_body: Any = None, **headers: str) -> exceptions.FirebaseError:
    response = requests.Response()
    response.status_code = status
    response._content = json.dumps({"error": error_body}).encode() if error_body else b"<html>"
    response.headers.update(headers)
    return error("said no", http_response=response)


def unanswered(error: Any, cause: Exception | None = None) -> exceptions.FirebaseError:
    return error("nothing came back", cause=cause)


MALFORMED_TOKEN = {
    "message": "The registration token is not a valid FCM registration token",
    "details": [{"@type": "type.googleapis.com/google.firebase.fcm.v1.FcmError", "errorCode": "INVALID_ARGUMENT"}],
}
NAMED_TOKEN = {
    "message": "Invalid registration",
    "details": [
        {"@type": "type.googleapis.com/google.firebase.fcm.v1.FcmError", "errorCode": "INVALID_ARGUMENT"},
        {"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [{"field": "message.token"}]},
    ],
}
BAD_PAYLOAD = {
    "message": "Invalid data payload",
    "details": [{"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [{"field": "message.data"}]}],
}
refused_by_network = requests.ConnectionError(MaxRetryError(None, "/", NewConnectionError(None, "refused")))  # type: ignore[arg-type]


@pytest.mark.proves("I17", "I20")
@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (answered(exceptions.InvalidArgumentError, 400, MALFORMED_TOKEN), DeadTarget("InvalidArgumentError")),
        (answered(exceptions.InvalidArgumentError, 400, NAMED_TOKEN), DeadTarget("InvalidArgumentError")),
        (answered(exceptions.InvalidArgumentError, 400, BAD_PAYLOAD), Refused("InvalidArgumentError")),
        (answered(exceptions.InvalidArgumentError, 400), Refused("InvalidArgumentError")),
        (answered(exceptions.InvalidArgumentError, 400, "a string"), Refused("InvalidArgumentError")),
        (answered(exceptions.UnauthenticatedError, 401), Retry("UnauthenticatedError", DEVICE_PAUSE)),
        (answered(messaging.ThirdPartyAuthError, 401), Retry("ThirdPartyAuthError", DEVICE_PAUSE)),
        (answered(messaging.SenderIdMismatchError, 403), Refused("SenderIdMismatchError")),
        (answered(exceptions.PermissionDeniedError, 403), Retry("PermissionDeniedError", DEVICE_PAUSE)),
        (answered(messaging.UnregisteredError, 404), DeadTarget("UnregisteredError")),
        (answered(exceptions.NotFoundError, 404), Retry("NotFoundError", DEVICE_PAUSE)),
        (answered(messaging.QuotaExceededError, 429), Retry("QuotaExceededError", DEVICE_PAUSE)),
        (answered(messaging.QuotaExceededError, 429, **{"Retry-After": "5"}), Retry("QuotaExceededError", timedelta(seconds=5))),
        (answered(exceptions.ResourceExhaustedError, 429), Retry("ResourceExhaustedError", DEVICE_PAUSE)),
        (answered(exceptions.InternalError, 500), Retry("InternalError", None)),
        (answered(exceptions.UnavailableError, 503), Retry("UnavailableError", None)),
        (answered(exceptions.UnavailableError, 503, **{"retry-after": "17"}), Retry("UnavailableError", timedelta(seconds=17))),
        (
            answered(exceptions.UnavailableError, 503, **{"Retry-After": "Wed, 01 Jul 2026 08:02:00 GMT"}),
            Retry("UnavailableError", timedelta(minutes=2)),
        ),
        (
            answered(exceptions.UnavailableError, 503, **{"Retry-After": "Wed, 01 Jul 2026 07:00:00 GMT"}),
            Retry("UnavailableError", timedelta()),
        ),
        (answered(exceptions.UnavailableError, 503, **{"Retry-After": "soon"}), Retry("UnavailableError", None)),
        (answered(exceptions.UnknownError, 502), Retry("UnknownError", None)),
        (answered(exceptions.UnknownError, 504), Retry("UnknownError", None)),
        (unanswered(exceptions.DeadlineExceededError, requests.ReadTimeout()), Ambiguous("DeadlineExceededError")),
        (unanswered(exceptions.UnknownError), Ambiguous("UnknownError")),
        (unanswered(exceptions.UnavailableError, requests.ConnectionError("reset")), Ambiguous("UnavailableError")),
        (unanswered(exceptions.UnavailableError, refused_by_network), Retry("UnavailableError", None)),
        (ValueError("the message is wrong"), Refused("ValueError")),
    ],
    ids=lambda value: type(value).__name__,
)
def test_each_answer_has_one_meaning(error: Exception, outcome: Outcome) -> None:
    assert outcome_of(error, NOW) == outcome


def test_every_exception_of_the_library_is_in_the_table() -> None:
    """A class that a new version brings must be thought about, not guessed."""
    known = {
        messaging.QuotaExceededError, messaging.SenderIdMismatchError, messaging.ThirdPartyAuthError, messaging.UnregisteredError,
        exceptions.InvalidArgumentError, exceptions.UnauthenticatedError, exceptions.PermissionDeniedError,
        exceptions.NotFoundError, exceptions.ResourceExhaustedError, exceptions.InternalError, exceptions.UnavailableError,
        exceptions.UnknownError, exceptions.DeadlineExceededError,
        # Answers FCM does not give; they are met as "try again".
        exceptions.AbortedError, exceptions.AlreadyExistsError, exceptions.CancelledError, exceptions.ConflictError,
        exceptions.DataLossError, exceptions.FailedPreconditionError, exceptions.OutOfRangeError,
    }  # fmt: skip
    modules = (exceptions, messaging)
    found = {c for m in modules for c in vars(m).values() if isinstance(c, type) and issubclass(c, exceptions.FirebaseError)}
    assert found - {exceptions.FirebaseError} == known
