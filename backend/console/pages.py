"""A page: a template filled, under a policy that lets it load and do nothing that is not ours (R-D2)."""

from datetime import datetime
from functools import partial
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import Request, Response
from litestar.enums import MediaType

from backend.console import clocks
from backend.console.assets import ASSETS
from backend.console.visit import Look, Visit, look_of
from backend.console.wording import knows, words
from kernel.http.answer import answer_of

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "cache-control": "no-store",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}

_TEMPLATES = Environment(
    loader=FileSystemLoader(str(files("backend.console") / "templates")),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.globals.update(assets=ASSETS, knows=knows)


def page(visit: Visit, template: str, *, status: int = 200, **values: Any) -> Response[str]:
    """A page for the official who asks."""
    return _page(visit.request, visit.look, visit.now, template, status, visit=visit, **values)


def page_for_anybody(
    request: Request[Any, Any, Any], now: datetime, template: str, *, status: int = 200, **values: Any
) -> Response[str]:
    """A page for somebody who is not signed in."""
    return _page(request, look_of(request), now, template, status, visit=None, **values)


def _page(request: Any, look: Look, now: datetime, template: str, status: int, **values: Any) -> Response[str]:
    language = look.language
    shown = {
        "look": look,
        "now": now,
        "here": request.url.path,
        "t": partial(_said, language),
        "clock": lambda due, **how: clocks.clock_of(due, now, language, **how),
        "moment": lambda at: clocks.moment(at, language),
        "ago": lambda at: clocks.length(now - datetime.fromisoformat(at), language),
    }
    html = _TEMPLATES.get_template(template).render(**shown, **values)
    answer_of(request.scope).language = language
    return Response(html, status_code=status, media_type=MediaType.HTML, headers={**HEADERS, "vary": "Cookie"})


def _said(language: str, key: str, **blanks: object) -> str:
    return words(key, language, **blanks)
