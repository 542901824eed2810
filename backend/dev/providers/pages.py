"""What a person sees of a provider. No script, no request to anybody else, and nothing a frame could cover (SEC-10)."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import MediaType, Response

TEMPLATES = Path(__file__).parent / "templates"

# No form-action: browsers hold the redirects after a form against it as well, and those end wherever an app has registered.
CONTENT_SECURITY_POLICY = "default-src 'none'; style-src 'self'; img-src data:; frame-ancestors 'none'; base-uri 'none'"
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}

_environment = Environment(
    loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)


def page(template: str, *, status: int = 200, **context: Any) -> Response[str]:
    """A rendered page with the headers every page has."""
    html = _environment.get_template(template).render(context)
    return Response(html, status_code=status, media_type=MediaType.HTML, headers=HEADERS)


def stylesheet() -> Response[str]:
    """The one style sheet of all pages."""
    return Response((TEMPLATES / "provider.css").read_text(), media_type=MediaType.CSS, headers={"Cache-Control": "max-age=300"})
