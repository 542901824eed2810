"""What a person sees on the way to an account provider: which account, and what went wrong. No script, nothing from elsewhere."""

import base64
import hashlib
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlencode

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import Response
from litestar.enums import MediaType

from auth.config import AppClient, ProviderConfig
from kernel.errors import Problem
from kernel.http.problems import status_of
from kernel.http.words import sentence

HERE = Path(__file__).parent / "pages"
STYLE = (HERE / "style.css").read_text(encoding="utf-8")
_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()

# RFC 9700, 4.16: nobody frames these pages. SEC-10: nothing is kept, nothing is told to the next site.
HEADERS = {
    "content-security-policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
}

_TEMPLATES = Environment(loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
_TEMPLATES.globals["style"] = STYLE


class _Option(msgspec.Struct, frozen=True):
    name: str
    hint: str
    href: str


_HINTS = {
    "citizen": {"vi": "Công dân, tổ chức", "en": "Citizens and organisations"},
    "staff": {"vi": "Cán bộ, công chức, viên chức", "en": "Public officials"},
}


def choice_page(
    app: AppClient, providers: Iterable[ProviderConfig], request: dict[str, str], path: str, language: str
) -> Response[str]:
    """With which account? Each answer is the same request with a `provider`."""
    options = [_Option(p.name, _HINTS[p.kind][language], f"{path}?{urlencode({**request, 'provider': p.id})}") for p in providers]
    return _page("choice.html", 200, language, app=app.name, options=options)


def problem_page(problem: Problem, language: str) -> Response[str]:
    """What went wrong, in the reader's language and with the problem's own words."""
    detail = sentence(problem, language)
    return _page("problem.html", status_of(problem), language, detail=detail, code=problem.code())


def _page(template: str, status: int, language: str, **values: object) -> Response[str]:
    html = _TEMPLATES.get_template(template).render(language=language, **values)
    headers = {**HEADERS, "content-language": language}
    return Response(html, status_code=status, media_type=MediaType.HTML, headers=headers)
