"""One request of an official's browser: who they are, how they like to read, and the API in their name."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from weakref import WeakValueDictionary

import msgspec
from litestar import Request
from litestar.di import NamedDependency
from litestar.params import SkipValidation

from auth.config import AuthConfig
from backend.console import secrecy, sessions
from backend.console.calls import JSON, Answer, call
from backend.console.errors import ConsoleNotSetUp, FormForged, NotSignedIn
from backend.console.sessions import Opened, Tokens
from backend.console.wording import LANGUAGES
from kernel.clock import Clock
from kernel.errors import Unauthenticated
from kernel.http.given import TheReads
from kernel.http.language import preferred
from kernel.mongo.reads import Reads
from kernel.principal import Principal

Asked = Request[Any, Any, Any]
CLIENT = "motcua-console"
TOKEN_ADDRESS = "/oauth/token"  # noqa: S105 - an address, not a password
FORM = "application/x-www-form-urlencoded"
THEMES = ("auto", "light", "dark")
# The fields in which an official writes sentences.
TYPED = ("public_text", "reason_text", "why_no_picture", "note")
# What a form says more than once.
MANY = ("uploads", "files", "ticked")
# A token that ends while a page is being made would end the page.
EARLY = timedelta(seconds=30)


@dataclass(frozen=True)
class Look:
    """How the reader likes it."""

    language: str
    theme: str


def look_of(request: Asked) -> Look:
    """By their choice, else as their browser says."""
    language = request.cookies.get("console_language", "")
    if language not in LANGUAGES:
        language = preferred(request.headers.get("accept-language"), LANGUAGES)
    theme = request.cookies.get("console_theme", "")
    return Look(language, theme if theme in THEMES else "auto")


class Console:
    """What the console knows of the process it is in."""

    def __init__(self, config: AuthConfig, verify: Callable[[str], Awaitable[Principal]], clock: Clock) -> None:
        self.config, self.clock = config, clock
        self._verify = verify
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def provider(self) -> str:
        """Whose accounts staff sign in with.

        Raises:
            ConsoleNotSetUp.
        """
        client = self.config.app_client(CLIENT)
        offered = [provider.id for provider in self.config.providers if provider.kind == "staff"]
        if client is None or "staff" not in client.kinds or not offered:
            raise ConsoleNotSetUp
        return offered[0]

    @property
    def scope(self) -> str:
        """All that the clients file lets the console ask for: administrators need `directory:manage`."""
        client = self.config.app_client(CLIENT)
        return " ".join(client.scopes) if client else ""

    @property
    def callback(self) -> str:
        """Where the browser comes back to."""
        return f"{self.config.issuer}/console/callback"

    @property
    def cookie(self) -> str:
        """The name of the session's cookie; `__Host-` binds it to this host alone, but browsers take it only over https."""
        return "__Host-console" if self.config.secure_cookies else "console"

    async def official(self, access: str) -> Principal:
        """Whose token it is.

        Raises:
            NotSignedIn: it is good no more, or is no official's.
        """
        with suppress(Unauthenticated):
            principal = await self._verify(access)
            if principal.kind == "staff":
                return principal
        raise NotSignedIn

    async def tokens(self, request: Asked, **grant: str) -> Tokens:
        """From the token endpoint.

        Raises:
            NotSignedIn: it gives none for this.
        """
        body = urlencode({**grant, "client_id": CLIENT}).encode()
        told = {"content-type": FORM, "user-agent": request.headers.get("user-agent", "")}
        answer = await call(request, "POST", TOKEN_ADDRESS, headers=told, body=body)
        if not answer.good:
            raise NotSignedIn
        given = answer.json()
        until = self.clock.now() + timedelta(seconds=given["expires_in"])
        return Tokens(given["access_token"], given["refresh_token"], until)

    async def opened(self, request: Asked) -> Opened:
        """The session of this browser, with a token that is good for a while.

        Raises:
            NotSignedIn.
        """
        cookie = request.cookies.get(self.cookie, "")
        found = await sessions.find(cookie, self.clock.now()) if cookie else None
        if found is None:
            raise NotSignedIn
        if found.tokens.good_until - EARLY > self.clock.now():
            return found
        # A page asks for its pictures all at once: one of them gets new tokens, the others find them.
        turn = self._turns.setdefault(found.id, asyncio.Lock())
        async with turn:
            found = await sessions.find(cookie, self.clock.now()) or found
            if found.tokens.good_until - EARLY <= self.clock.now():
                fresh = await self.tokens(request, grant_type="refresh_token", refresh_token=found.tokens.refresh)
                await sessions.keep_tokens(cookie, fresh)
                found = Opened(cookie, fresh, found.drafts)
        return found


class Visit:
    """A signed-in official's request."""

    def __init__(self, request: Asked, opened: Opened, official: Principal, now: datetime, reads: Reads) -> None:
        self.request, self.opened, self.official, self.now, self.reads = request, opened, official, now, reads
        self.look = look_of(request)

    @property
    def form_token(self) -> str:
        """What goes into every form."""
        return secrecy.form_token(self.opened.cookie)

    def may(self, *roles: str) -> bool:
        """Does the official have one of these roles anywhere? What they may really do the API decides."""
        return not self.official.roles.isdisjoint(roles)

    async def get(self, path: str, **query: str) -> Any:
        """What the API answers.

        Raises:
            NotSignedIn, ApiRefused.
        """
        return (await self.answer("GET", path, query=query)).or_refused().json()

    async def post(self, path: str, body: Any = None, *, key: str = "", version: str = "") -> Any:
        """What the API answers to this step; `key` is the name of the write, `version` the one that was seen.

        Raises:
            NotSignedIn, ApiRefused.
        """
        return await self.change("POST", path, body, key=key, version=version)

    async def change(self, method: str, path: str, body: Any = None, *, key: str = "", version: str = "") -> Any:
        """The same by another method.

        Raises:
            NotSignedIn, ApiRefused.
        """
        told = {"idempotency-key": f'"{key}"'} if key else {}
        if version:
            told["if-match"] = f'"{version}"'
        sent = b"" if body is None else msgspec.json.encode(body)
        if sent:
            told["content-type"] = JSON
        return (await self.answer(method, path, headers=told, body=sent)).or_refused().json()

    async def answer(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> Answer:
        """One call in the official's name."""
        own = {"authorization": f"Bearer {self.opened.tokens.access}", "accept-language": self.look.language}
        own["user-agent"] = self.request.headers.get("user-agent", "")
        return await call(self.request, method, path, query=query, headers={**own, **(headers or {})}, body=body)

    async def form(self) -> dict[str, Any]:
        """The form that was sent: texts by name, and uploads as they are.

        Raises:
            FormForged: it is not one of ours.
        """
        sent = await self.request.form()
        if not secrecy.is_form_token(self.opened.cookie, str(sent.get("form_token", ""))):
            raise FormForged
        return {name: sent.getall(name) if name in MANY else sent[name] for name in sent}


async def visit(request: Asked, console: NamedDependency[SkipValidation[Console]], reads: TheReads) -> Visit:
    """The visit of this request.

    Raises:
        NotSignedIn, FormForged.
    """
    # Browsers say where a form comes from; one from elsewhere is not even read.
    if request.method != "GET" and request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise FormForged
    try:
        opened = await console.opened(request)
        return Visit(request, opened, await console.official(opened.tokens.access), console.clock.now(), reads)
    except NotSignedIn as refused:
        if request.method == "POST":
            # Whatever was typed goes back to who typed it.
            sent = await request.form()
            refused.params["typed"] = [text for name in TYPED if isinstance(text := sent.get(name), str) and text]
        raise


TheConsole = NamedDependency[SkipValidation[Console]]
TheVisit = NamedDependency[SkipValidation[Visit]]
