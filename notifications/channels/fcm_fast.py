"""Firebase Cloud Messaging over a library that carries HTTP/2: the default, thousands of pushes a second.

It takes firebase-admin's message objects and credentials, and encodes with firebase-admin's public encoder, `str(message)`. What
firebase-admin's own calls hide it knows of every single request: not sent, perhaps sent, or answered (I10, I11).
"""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from firebase_admin import messaging
from pyreqwest.exceptions import ClientClosedError, DetailedPyreqwestError, PoolTimeoutError, PyreqwestError
from pyreqwest.http import Url

from notifications.channels.fcm_answers import OPERATOR_PAUSE, Answer, Meaning, meaning_of, outcome_of
from notifications.channels.fcm_connections import Connections
from notifications.channels.fcm_credentials import ServiceAccount
from notifications.channels.fcm_encoded import Encoded
from notifications.channels.fcm_tokens import AccessTokens, TokenUnavailable, fetch_with
from notifications.channels.port import Ambiguous, Outcome, Push, Refused, Retry

GOOGLE = "https://fcm.googleapis.com"
# The library's ConnectError and ConnectTimeoutError also stand for a reset after the request was written and for an answer that did
# not come in time. What tells them apart is the phase hyper names among the causes.
_CONNECTING = "client error (Connect)"


class FastFcm:
    """Sends through one Firebase project."""

    def __init__(self, service_account: Mapping[str, Any], *, endpoint: str | None = None, authority: Path | None = None) -> None:
        """`endpoint`: another address than Google's; `authority`: whose certificates are trusted there."""
        address = f"{endpoint or GOOGLE}/v1/projects/{service_account['project_id']}/messages:send"
        self._url = Url(address)
        self._encoded = Encoded()
        self._tokens = AccessTokens(fetch_with(ServiceAccount(service_account).get_credential(), authority))
        self.connections = Connections(
            encrypted=address.startswith("https:"), authority_pem=authority.read_bytes() if authority else None
        )

    async def send(self, push: Push, *, now: datetime) -> Outcome:
        """Try once."""
        try:
            body = self._encoded.body(push, now)
        except ValueError as wrong:
            return Refused(f"unencodable: {type(wrong).__name__}")
        return await self._sent(body, now)

    async def send_message(self, message: messaging.Message, *, now: datetime) -> Outcome:
        """Try once with a message object of firebase-admin's."""
        try:
            body = f'{{"message":{message}}}'
        except ValueError as wrong:
            return Refused(f"unencodable: {type(wrong).__name__}")
        return await self._sent(body, now)

    async def close(self) -> None:
        """Close the connections."""
        await self.connections.close()

    async def _sent(self, body: str, now: datetime) -> Outcome:
        try:
            answer = await self._asked(body)
        except TokenUnavailable as error:
            return Retry(f"no_token: {error}", OPERATOR_PAUSE, "project")
        except PyreqwestError as error:
            detail = type(error).__name__
            return Retry(f"not_sent: {detail}") if never_left(error) else Ambiguous(f"no_answer: {detail}")
        return outcome_of(answer, now)

    async def _asked(self, body: str) -> Answer:
        token = await self._tokens.get()
        answer = await self._post(body, token)
        if answer.status == 200 or meaning_of(answer) is not Meaning.UNAUTHENTICATED:  # noqa: PLR2004 - HTTP OK
            return answer
        # The token may have been withdrawn before its time: one new one for everybody who was refused with it, one more try.
        self._tokens.refuse(token)
        renewed = await self._tokens.get()
        answer = await self._post(body, renewed)
        if meaning_of(answer) is Meaning.UNAUTHENTICATED:
            self._tokens.refuse(renewed)
        return answer

    async def _post(self, body: str, token: str) -> Answer:
        async with self.connections.choose() as passage:
            response = await passage.client.post(self._url).bearer_auth(token).body_text(body).build().send()
            content = await response.bytes()
            self.connections.traffic.passed(passage.began)
            return Answer(response.status, bytes(content), response.get_header("retry-after"))


def never_left(error: PyreqwestError) -> bool:
    """Is it certain that no byte of the request has left?"""
    if isinstance(error, PoolTimeoutError | ClientClosedError):
        return True
    causes = error.details.get("causes") if isinstance(error, DetailedPyreqwestError) else None
    return any(cause["message"] == _CONNECTING for cause in causes or ())
