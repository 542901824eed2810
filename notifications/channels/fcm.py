"""Firebase Cloud Messaging through firebase-admin: the one door to that library.

One message a call, in a thread: the batch calls lose nine answers to one broken one, and their token refresh stops the event loop
(delivery.md section 1). What came back is put into one of five outcomes by the table in `_outcome`.
"""

import asyncio
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import firebase_admin
from firebase_admin import exceptions, messaging
from google.auth.exceptions import GoogleAuthError
from requests.adapters import HTTPAdapter

from notifications.channels.fcm_credentials import ServiceAccount
from notifications.channels.fcm_message import fcm_message
from notifications.channels.port import Ambiguous, DeadTarget, Outcome, Push, Refused, Retry, Sent

TIMEOUT_S = 10
DEVICE_PAUSE = timedelta(seconds=60)
_NEVER_CONNECTED = ("NewConnectionError", "ConnectTimeoutError", "NameResolutionError", "ConnectTimeout")


class FcmChannel:
    """Sends through one Firebase project."""

    def __init__(self, service_account: Mapping[str, Any], *, endpoint: str | None = None) -> None:
        """`service_account` is the parsed key file; `endpoint` another address than Google's (the simulator's, a proxy's)."""
        options = {"httpTimeout": TIMEOUT_S, "projectId": service_account["project_id"]}
        self._app = firebase_admin.initialize_app(ServiceAccount(service_account), options, name=f"motcua-{id(self)}")
        # firebase-admin has no public setting for its retries and its address; the service keeps them here.
        service = messaging._get_messaging_service(self._app)
        for scheme in ("https://fcm.googleapis.com", "https://", "http://"):
            # It would send again by itself and sleep through any Retry-After in our thread: pacing is ours (I10, I20).
            service._client.session.mount(scheme, HTTPAdapter(max_retries=0))
        if endpoint:
            service._fcm_url = f"{endpoint}/v1/projects/{service_account['project_id']}/messages:send"

    async def send(self, push: Push, *, now: datetime) -> Outcome:
        """Try once, without keeping the event loop waiting."""
        message = fcm_message(push, now=now)
        try:
            name = await asyncio.to_thread(messaging.send, message, app=self._app)
        except GoogleAuthError as error:
            # No access token, so nothing was sent.
            return Retry(type(error).__name__)
        except (KeyError, TypeError):
            # It said 200, in words that are not Firebase's.
            return Ambiguous("UnreadableAnswer")
        except Exception as error:  # noqa: BLE001 - an answer the library did not expect makes it fail in ways of its own
            return outcome_of(error, now)
        return Sent(name)

    async def close(self) -> None:
        """Give the project up. In a thread, because the library starts an event loop of its own for it."""
        await asyncio.to_thread(firebase_admin.delete_app, self._app)


def outcome_of(error: Exception, now: datetime) -> Outcome:
    """What a failure means for this push and this device (delivery.md section 2, table)."""
    detail = type(error).__name__
    response = getattr(error, "http_response", None)
    after = _retry_after(response, now)
    match error:
        case messaging.UnregisteredError():
            return DeadTarget(detail)
        case messaging.SenderIdMismatchError():
            # A target of another project, or our credentials are: never a reason to forget the device.
            return Refused(detail)
        case messaging.ThirdPartyAuthError() | exceptions.UnauthenticatedError() | exceptions.PermissionDeniedError():
            return Retry(detail, after or DEVICE_PAUSE)
        case messaging.QuotaExceededError() | exceptions.ResourceExhaustedError():
            return Retry(detail, after or DEVICE_PAUSE)
        case exceptions.InvalidArgumentError():
            return DeadTarget(detail) if _names_the_target(response) else Refused(detail)
        case exceptions.NotFoundError():
            return Retry(detail, DEVICE_PAUSE)
        case exceptions.UnavailableError():
            never_left = response is None and any(word in repr(error.cause) for word in _NEVER_CONNECTED)
            return Retry(detail, after) if response is not None or never_left else Ambiguous(detail)
        case exceptions.FirebaseError():
            return Ambiguous(detail) if response is None else Retry(detail, after)
        case ValueError():
            return Refused(detail)
        case _:
            return Ambiguous(detail)


def _names_the_target(response: Any) -> bool:
    """A 400 condemns the device only when Firebase itself says that the registration is what is malformed."""
    try:
        error = json.loads(response.text)["error"]
        violations = [violation for detail in error["details"] for violation in detail.get("fieldViolations", [])]
        if violations:
            return any(violation.get("field") in ("message.token", "message.fid") for violation in violations)
        own_word = any(detail.get("errorCode") == "INVALID_ARGUMENT" for detail in error["details"])
        return own_word and "registration token" in error["message"]
    except (AttributeError, KeyError, TypeError, ValueError):
        return False


def _retry_after(response: Any, now: datetime) -> timedelta | None:
    """`Retry-After` in seconds or as a date (RFC 9110 section 10.2.3)."""
    raw = getattr(response, "headers", {}).get("retry-after", "") if response is not None else ""
    if raw.isdigit():
        return timedelta(seconds=int(raw))
    try:
        return max(parsedate_to_datetime(raw) - now, timedelta())
    except (TypeError, ValueError):
        return None
