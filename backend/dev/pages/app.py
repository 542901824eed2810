"""Serves the page, and a policy under which it could not reach anybody else if it wanted to."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from litestar import Litestar, get
from litestar.datastructures import CacheControlHeader, MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.static_files import create_static_files_router
from litestar.types import ASGIApp, Message, Receive, Scope, Send

STATIC = Path(__file__).parent / "static"


def create_pages(world: dict[str, Any]) -> Litestar:
    """The pages of this world (the content of world.json)."""
    told = public_part(world)

    @get("/world.json", sync_to_thread=False)
    def show_world() -> dict[str, Any]:
        """What the pages know of the world."""
        return told

    files = create_static_files_router("/", [STATIC], html_mode=True, name="pages", cache_control=CacheControlHeader(no_cache=True))
    return Litestar(
        [show_world, files],
        middleware=[PageHeaders(policy(told))],
        openapi_config=None,
        logging_config=None,
    )


def public_part(world: dict[str, Any]) -> dict[str, Any]:
    """What a browser may know: addresses and the app's public id. Never the database, a private key or a person."""
    return {
        "api": world["api"],
        "providers": sorted(world["providers"]),
        "fcm": world["fcm"],
        "docs": world["docs"],
        "console": world["console"],
        # What a debug build has inside: it is known to the simulator only.
        "app_check": {name: world["app_check"][name] for name in ("exchange_url", "debug_token")},
        "app_client": {"client_id": world["app_client"]["client_id"]},
    }


def policy(told: dict[str, Any]) -> str:
    """The Content-Security-Policy: our own files, the API, the push simulator, and nobody else."""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' blob: data:",
            f"connect-src 'self' {origin(told['api'])} {origin(told['fcm'])}",
            # A downloaded result is shown from memory.
            "frame-src blob:",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
            # No text ever becomes markup: the pages build elements, and the browser holds them to it.
            "require-trusted-types-for 'script'",
        )
    )


def origin(url: str) -> str:
    """Scheme, host and port of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


class PageHeaders(ASGIMiddleware):
    """Puts the policy on every answer, errors and files included."""

    scopes = (ScopeType.HTTP,)

    def __init__(self, content_security_policy: str) -> None:
        self.headers = {
            "content-security-policy": content_security_policy,
            "cross-origin-opener-policy": "same-origin",
            "referrer-policy": "no-referrer",
            "x-content-type-options": "nosniff",
        }

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableScopeHeaders.from_message(message).update(self.headers)
            await send(message)

        await next_app(scope, receive, send_with_headers)
