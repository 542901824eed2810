"""Firebase Cloud Messaging through firebase-admin's own calls (`MOTCUA_FCM_SENDER=admin`).

One message a call, in a thread: the batch calls lose nine answers to one broken one, and their token refresh stops the event loop
(ADR 0025). It is slower by far, and the measure of the fast sender: one contract suite runs against both.
"""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import firebase_admin
from firebase_admin import exceptions, messaging
from google.auth.exceptions import GoogleAuthError
from requests.adapters import HTTPAdapter

from notifications.channels.fcm_answers import OPERATOR_PAUSE, Answer, outcome_of
from notifications.channels.fcm_credentials import ServiceAccount
from notifications.channels.fcm_message import fcm_message
from notifications.channels.port import Ambiguous, Outcome, Push, Refused, Retry, Sent

TIMEOUT_S = 10
_NEVER_CONNECTED = ("NewConnectionError", "ConnectTimeoutError", "NameResolutionError", "ConnectTimeout")


class AdminFcm:
    """Sends through one Firebase project."""

    def __init__(
        self, service_account: Mapping[str, Any], *, endpoint: str | None = None, authority_file: str | None = None
    ) -> None:
        """`endpoint`: another address than Google's; `authority_file`: whose certificates are trusted there."""
        options = {"httpTimeout": TIMEOUT_S, "projectId": service_account["project_id"]}
        self._app = firebase_admin.initialize_app(ServiceAccount(service_account), options, name=f"motcua-{id(self)}")
        # firebase-admin has no public setting for its retries and its address; the service keeps them here.
        service = messaging._get_messaging_service(self._app)
        for scheme in ("https://fcm.googleapis.com", "https://", "http://"):
            # It would send again by itself and sleep through any Retry-After in our thread: pacing is ours (I10, I20).
            service._client.session.mount(scheme, HTTPAdapter(max_retries=0))
        if endpoint:
            service._fcm_url = f"{endpoint}/v1/projects/{service_account['project_id']}/messages:send"
        if authority_file:
            service._client.session.verify = authority_file

    async def send(self, push: Push, *, now: datetime) -> Outcome:
        """Try once, without keeping the event loop waiting."""
        return await self.send_message(fcm_message(push, now=now), now=now)

    async def send_message(self, message: messaging.Message, *, now: datetime) -> Outcome:
        """Try once with a message object of firebase-admin's."""
        try:
            name = await asyncio.to_thread(messaging.send, message, app=self._app)
        except GoogleAuthError as error:
            return Retry(f"no_token: {type(error).__name__}", OPERATOR_PAUSE, "project")
        except (KeyError, TypeError):
            # It said 200, in words that are not Firebase's.
            return Ambiguous("unreadable")
        except Exception as error:  # noqa: BLE001 - an answer the library did not expect makes it fail in ways of its own
            return outcome_of_error(error, now)
        return Sent(name)

    async def close(self) -> None:
        """Give the project up. In a thread, because the library starts an event loop of its own for it."""
        await asyncio.to_thread(firebase_admin.delete_app, self._app)


def outcome_of_error(error: Exception, now: datetime) -> Outcome:
    """The library's exception taken back to the answer that caused it; without one, whether the request left at all."""
    response = getattr(error, "http_response", None)
    if response is not None:
        return outcome_of(Answer(response.status_code, response.content or b"", response.headers.get("retry-after")), now)
    detail = type(error).__name__
    if isinstance(error, exceptions.FirebaseError):
        never_left = any(word in repr(error.cause) for word in _NEVER_CONNECTED)
        return Retry(f"not_sent: {detail}") if never_left else Ambiguous(f"no_answer: {detail}")
    return Refused(f"unencodable: {detail}") if isinstance(error, ValueError) else Ambiguous(f"no_answer: {detail}")
