"""The access token every request to Firebase carries: fetched once for all who wait, before the old one ends, off the event loop.

google-auth fetches with a blocking call in the middle of a request; a slow token endpoint would stop every push (I36).
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import requests
from google.auth.exceptions import GoogleAuthError, RefreshError
from google.auth.transport.requests import Request
from google.oauth2 import service_account

# Google's tokens live an hour. The next is fetched while this one is still good, and nobody waits for it.
EARLY_S = 300.0
GOOGLE_TOKENS = "oauth2.googleapis.com"
# Not used any more this long before its end: a request takes time, and clocks differ.
LAST_S = 10.0


@dataclass(frozen=True)
class AccessToken:
    """A token and the second on the monotonic clock at which it ends."""

    value: str
    ends: float


class TokenUnavailable(Exception):
    """The token endpoint gave none; nothing has been sent."""


class AccessTokens:
    """The present token of one account."""

    def __init__(self, fetch: Callable[[], tuple[str, float]], monotonic: Callable[[], float] = time.monotonic) -> None:
        """`fetch` blocks, and answers a token and how many seconds it lives."""
        self._fetch, self._monotonic = fetch, monotonic
        self._present: AccessToken | None = None
        self._fetching: asyncio.Task[AccessToken] | None = None

    async def get(self) -> str:
        """A token that is good for this request.

        Raises:
            TokenUnavailable: there is none, and none could be fetched.
        """
        present, now = self._present, self._monotonic()
        if present and now < present.ends - EARLY_S:
            return present.value
        fetching = self._one_flight()
        if present and now < present.ends - LAST_S:
            return present.value
        # Shielded: one push that gives up must not take the token from all the others.
        return (await asyncio.shield(fetching)).value

    def refuse(self, token: str) -> None:
        """Firebase did not take this token: the next request gets another. Says nothing about one that came since."""
        if self._present and self._present.value == token:
            self._present = None

    def _one_flight(self) -> asyncio.Task[AccessToken]:
        if self._fetching is None or self._fetching.done():
            self._fetching = asyncio.create_task(self._fetched())
            # A failed fetch nobody waited for (the early one) is no error: the old token is still good.
            self._fetching.add_done_callback(lambda done: done.cancelled() or done.exception())
        return self._fetching

    async def _fetched(self) -> AccessToken:
        asked = self._monotonic()
        try:
            value, lifetime_s = await asyncio.to_thread(self._fetch)
        except (GoogleAuthError, OSError) as error:
            raise TokenUnavailable(type(error).__name__) from error
        self._present = AccessToken(value, asked + lifetime_s)
        return self._present


def fetch_with(credential: service_account.Credentials, authority: Path | None = None) -> Callable[[], tuple[str, float]]:
    """Fetches by google-auth's own code, which signs the assertion and asks the account's `token_uri`.

    `authority` is trusted where that is another host than Google's: a simulator's, or a proxy's.
    """
    elsewhere = urlsplit(credential._token_uri).hostname != GOOGLE_TOKENS  # noqa: SLF001 - it has no public name
    # With each request, because a setting of the session yields to REQUESTS_CA_BUNDLE.
    trusting = {"verify": str(authority)} if authority and elsewhere else {}

    def fetch() -> tuple[str, float]:
        with requests.Session() as session:
            credential.refresh(partial(Request(session), **trusting))
        if credential.expiry is None:
            raise RefreshError("a token without an end")
        # google-auth keeps UTC without saying so.
        left = credential.expiry.replace(tzinfo=UTC) - datetime.now(UTC)
        return str(credential.token), left.total_seconds()

    return fetch
