"""A browser without scripts at the console: keeps a cookie, reads pages, sends the forms that stand in them."""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import httpx2

from backend.console import sessions
from tests.support.api import Api

COOKIE = "console"


@dataclass
class Form:
    """A form of a page: where it goes, and what is in it already."""

    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)

    def filled(self, **typed: str) -> dict[str, Any]:
        """As it is sent."""
        return {**dict(self.fields), **typed}


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._in_textarea = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(told.get("action", "")))
        elif tag == "input" and self.forms and told.get("type") == "hidden":
            self.forms[-1].fields.append((told["name"], told.get("value", "")))
        elif tag == "textarea" and self.forms:
            self.forms[-1].fields.append((told["name"], ""))
            self._in_textarea = True

    def handle_data(self, data: str) -> None:
        if self._in_textarea:
            name, before = self.forms[-1].fields[-1]
            self.forms[-1].fields[-1] = (name, before + data)

    def handle_endtag(self, tag: str) -> None:
        self._in_textarea = self._in_textarea and tag != "textarea"


@dataclass
class Browser:
    """One official's, signed in."""

    api: Api
    cookie: str

    async def get(self, path: str, **headers: str) -> httpx2.Response:
        return await self.api.call("", "GET", path, headers={**self._cookies(), **headers})

    async def post(self, path: str, form: dict[str, Any], *, files: Any = None, **headers: str) -> httpx2.Response:
        return await self.api.call("", "POST", path, data=form, files=files, headers={**self._cookies(), **headers})

    async def form(self, page: str, action: str) -> Form:
        """The form of a page that goes to this address."""
        answer = await self.get(page)
        assert answer.status_code == 200, answer.text
        return form_of(answer, action)

    async def form_for(self, page: str, address: str, step: str) -> Form:
        """Of several forms to one address the one that takes this step."""
        return step_form(await self.get(page), address, step)

    def _cookies(self) -> dict[str, str]:
        return {"cookie": f"{COOKIE}={self.cookie}"}


def form_of(answer: httpx2.Response, action: str) -> Form:
    """The form in this page that goes to this address."""
    parser = _Forms()
    parser.feed(answer.text)
    return next(form for form in parser.forms if form.action == action)


def step_form(answer: httpx2.Response, action: str, step: str) -> Form:
    """Of several forms in this page to one address the one that takes this step."""
    parser = _Forms()
    parser.feed(answer.text)
    return next(form for form in parser.forms if form.action == action and ("action", step) in form.fields)


async def signed_in(api: Api, who: str, *, good_for: timedelta = timedelta(minutes=5), refresh: str = "none") -> Browser:
    """A browser with a session of this official; how one comes by it the journeys show."""
    access = (await api.bearer(who))["authorization"].removeprefix("Bearer ")
    official = await api.parts.auth.tokens.verify(access)
    now = api.parts.clock.now()
    return Browser(api, await sessions.begin(official.id, sessions.Tokens(access, refresh, now + good_for), now))


def words_of(answer: httpx2.Response) -> str:
    """The page without its markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.text))
