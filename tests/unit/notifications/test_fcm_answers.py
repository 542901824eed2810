"""Every row of the table in delivery.md section 2: what Firebase's answer means for this push, this device and all others."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest
from firebase_admin import exceptions, messaging
from hypothesis import given
from hypothesis import strategies as st

from notifications.channels.fcm_admin import outcome_of_error
from notifications.channels.fcm_answers import LONGEST_PAUSE, TABLE, Answer, Meaning, meaning_of, outcome_of, pause_asked
from notifications.channels.port import Ambiguous, Busy, DeadTarget, Outcome, Refused, Retry, Sent, Stranger

NOW = datetime(2026, 7, 1, 8, tzinfo=UTC)
MINUTE = timedelta(seconds=60)
FCM = "type.googleapis.com/google.firebase.fcm.v1.FcmError"
BAD_REQUEST = "type.googleapis.com/google.rpc.BadRequest"


def answer(status: int, word: str = "", *, message: str = "", field: str = "", retry_after: str | None = None) -> Answer:
    details: list[dict[str, Any]] = [{"@type": FCM, "errorCode": word}] if word else []
    if field:
        details.append({"@type": BAD_REQUEST, "fieldViolations": [{"field": field}]})
    error = {"code": status, "message": message, "details": details}
    return Answer(status, json.dumps({"error": error}).encode(), retry_after)


MALFORMED = "The registration token is not a valid FCM registration token"


@pytest.mark.proves("I15", "I17", "I20")
@pytest.mark.parametrize(
    ("answered", "outcome"),
    [
        (Answer(200, b'{"name": "projects/p/messages/1"}'), Sent("projects/p/messages/1")),
        (Answer(200, b"<html>"), Ambiguous("unreadable")),
        (Answer(200, b'{"name": ""}'), Ambiguous("unreadable")),
        (answer(400, "INVALID_ARGUMENT", message=MALFORMED), DeadTarget("bad_target")),
        (answer(400, "INVALID_ARGUMENT", field="message.token"), DeadTarget("bad_target")),
        (answer(400, "INVALID_ARGUMENT", field="message.fid"), DeadTarget("bad_target")),
        (answer(400, "INVALID_ARGUMENT", message=MALFORMED, field="message.data"), Refused("bad_payload")),
        (answer(400, "INVALID_ARGUMENT"), Refused("bad_payload")),
        (Answer(400, b'{"error": "a string"}'), Refused("bad_payload")),
        (answer(401), Retry("unauthenticated", MINUTE, "project")),
        (answer(401, "THIRD_PARTY_AUTH_ERROR"), Retry("platform_auth", MINUTE, "platform")),
        (answer(401, "APNS_AUTH_ERROR"), Retry("platform_auth", MINUTE, "platform")),
        (answer(403, "SENDER_ID_MISMATCH"), Stranger("other_project")),
        (answer(403), Retry("denied", MINUTE, "project")),
        (answer(404, "UNREGISTERED"), DeadTarget("unregistered")),
        (answer(404), Retry("no_project", MINUTE, "project")),
        (answer(429, "QUOTA_EXCEEDED"), Retry("device_quota", MINUTE)),
        (answer(429, "QUOTA_EXCEEDED", retry_after="5"), Retry("device_quota", MINUTE)),
        (answer(429, "QUOTA_EXCEEDED", retry_after="500"), Retry("device_quota", timedelta(seconds=500))),
        (answer(429), Busy("project_quota", MINUTE, stop=True)),
        (answer(429, retry_after="90"), Busy("project_quota", timedelta(seconds=90), stop=True)),
        (answer(500, "INTERNAL"), Ambiguous("internal")),
        (answer(500, "UNREGISTERED"), Ambiguous("internal")),
        (answer(503, "UNAVAILABLE"), Busy("unavailable", timedelta(seconds=10))),
        (answer(503, retry_after="17"), Busy("unavailable", timedelta(seconds=17))),
        (answer(503, retry_after="Wed, 01 Jul 2026 08:02:00 GMT"), Busy("unavailable", timedelta(minutes=2))),
        (Answer(502, b"<html>"), Ambiguous("strange")),
        (Answer(504, b""), Ambiguous("strange")),
        (answer(409), Ambiguous("strange")),
    ],
    ids=lambda value: repr(value)[:60],
)
def test_each_answer_has_one_meaning(answered: Answer, outcome: Outcome) -> None:
    assert outcome_of(answered, NOW) == outcome


def test_the_table_is_exhaustive() -> None:
    assert set(TABLE) == set(Meaning)
    for row in TABLE.values():
        assert isinstance(row("word", None), get_args(Outcome))


shapes = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12) | st.sampled_from(["UNREGISTERED", "SENDER_ID_MISMATCH", FCM]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["error", "details", "errorCode", "@type", "message", "fieldViolations", "field"]), inner)
    ),
    max_leaves=12,
)
bodies = st.binary(max_size=40) | shapes.map(lambda shape: json.dumps(shape).encode())


@pytest.mark.proves("I11", "I17")
@given(status=st.integers(100, 599), body=bodies, retry_after=st.none() | st.text(max_size=30))
def test_no_answer_is_too_strange_and_none_condemns_a_device_by_accident(status: int, body: bytes, retry_after: str | None) -> None:
    given_answer = Answer(status, body, retry_after)
    outcome = outcome_of(given_answer, NOW)
    assert isinstance(outcome, get_args(Outcome))
    if isinstance(outcome, DeadTarget):
        assert status in (400, 404)
        assert meaning_of(given_answer) in (Meaning.BAD_TARGET, Meaning.UNREGISTERED)
    if status >= 500:
        assert isinstance(outcome, Busy | Ambiguous)


@pytest.mark.proves("I20")
@given(st.integers(0, 10**12))
def test_a_pause_in_seconds_is_honoured_up_to_what_firebase_keeps(seconds: int) -> None:
    asked = pause_asked(str(seconds), NOW)
    assert asked == min(timedelta(seconds=min(seconds, 10**9)), LONGEST_PAUSE)


@pytest.mark.proves("I20")
@given(st.integers(-(10**6), 10**6))
def test_a_pause_as_a_date_is_honoured(seconds: int) -> None:
    date = (NOW + timedelta(seconds=seconds)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    assert pause_asked(date, NOW) == max(timedelta(seconds=seconds), timedelta())


@pytest.mark.parametrize("raw", [None, "", "soon", "-5", "1.5", "٣", "Wed, 99 Jul 2026 08:02:00 GMT", "Wed, 01 Jul 2026 08:02:00"])
def test_a_pause_in_no_known_form_is_none(raw: str | None) -> None:
    assert pause_asked(raw, NOW) is None


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (exceptions.DeadlineExceededError("timeout"), Ambiguous),
        (exceptions.UnavailableError("reset", cause=ConnectionResetError()), Ambiguous),
        (exceptions.UnavailableError("refused", cause=ConnectionError("NewConnectionError: refused")), Retry),
        (ValueError("the message is wrong"), Refused),
        (KeyError("what"), Ambiguous),
    ],
    ids=repr,
)
def test_an_exception_without_an_answer_says_whether_the_request_left(error: Exception, kind: type) -> None:
    assert isinstance(outcome_of_error(error, NOW), kind)


def test_every_exception_of_the_library_carries_the_answer_it_came_from() -> None:
    """A class that a new version brings must be thought about, not guessed."""
    modules = (exceptions, messaging)
    found = {c for m in modules for c in vars(m).values() if isinstance(c, type) and issubclass(c, exceptions.FirebaseError)}
    assert len(found) == 21
    for kind in found - {exceptions.FirebaseError}:
        assert kind("said no").http_response is None
