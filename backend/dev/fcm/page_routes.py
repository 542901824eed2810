"""The page that shows the devices and what they got, live. Plain HTML, one style sheet, one small module, no third party."""

from pathlib import Path

from litestar import MediaType, Response, get

TEMPLATES = Path(__file__).parent / "templates"
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; frame-ancestors 'none'; "
        "base-uri 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}


def _file(name: str, media_type: str) -> Response[bytes]:
    return Response((TEMPLATES / name).read_bytes(), media_type=media_type, headers=HEADERS)


@get("/", sync_to_thread=False)
def page() -> Response[bytes]:
    """The page."""
    return _file("devices.html", MediaType.HTML)


@get("/devices.css", sync_to_thread=False)
def style() -> Response[bytes]:
    """Its style sheet."""
    return _file("devices.css", MediaType.CSS)


@get("/devices.js", sync_to_thread=False)
def script() -> Response[bytes]:
    """Its module."""
    return _file("devices.js", "text/javascript")
