"""The Litestar app: slices in, one API out."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from litestar import Litestar, Request
from litestar.config.cors import CORSConfig
from litestar.di import Provide

from backend.app.docs import Docs
from backend.app.health import Health
from backend.app.openapi import openapi_config
from backend.app.parts import Parts
from kernel.http.bodies import CheckedRequest
from kernel.http.given import TheClock
from kernel.http.language import preferred
from kernel.http.options import tell_every_method
from kernel.http.problems import EXCEPTION_HANDLERS
from kernel.http.tracing import Tracing
from kernel.mongo.files import Files
from kernel.principal import Principal
from kernel.state_calendar import state_calendar

MAX_BODY_BYTES = 1024 * 1024
YEARS_AHEAD = 2


async def actor(request: Request[Any, Any, Any]) -> Principal:
    """Who is asking. The route's guard has made sure there is somebody."""
    return request.user  # type: ignore[no-any-return]


async def language(request: Request[Any, Any, Any]) -> str:
    """The reader's language, of ours."""
    return preferred(request.headers.get("accept-language"))


def dependencies(parts: Parts) -> Mapping[str, Any]:
    """What any handler may ask for by name."""
    files = Files(parts.db)

    def given(value: Any) -> Provide:
        return Provide(lambda: value, use_cache=True, sync_to_thread=False)

    def calendar(clock: TheClock) -> Any:
        return state_calendar(clock.now().year + YEARS_AHEAD)

    own = {
        "actor": Provide(actor),
        "language": Provide(language),
        "clock": given(parts.clock),
        "files": given(files),
        "db": given(parts.db),
        "reads": given(parts.reads),
        "subjects": given(parts.subjects),
        "vault": given(parts.vault),
        "audit": given(parts.audit.log),
        "calendar": Provide(calendar, sync_to_thread=False),
    }
    for part in parts.slices:
        own |= part.dependencies
    return own


def browser_apps(origins: Sequence[str]) -> CORSConfig | None:
    """What browsers may do for pages of these origins; nothing at all where there are none."""
    if not origins:
        return None
    return CORSConfig(
        allow_origins=list(origins),
        allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
        allow_headers=["authorization", "content-type", "accept-language", "dpop", "idempotency-key", "if-match", "traceparent"],
        expose_headers=["x-trace-id", "etag", "repr-digest", "content-disposition", "retry-after", "www-authenticate"],
        max_age=600,
    )


def create_app(parts: Parts) -> Litestar:
    """The API over `parts`, which it opens when it starts and closes when it stops."""

    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        await parts.open()
        await parts.auth.start()
        try:
            yield
        finally:
            await parts.auth.stop()
            await parts.close()

    settings = parts.settings
    app = Litestar(
        route_handlers=[Health, Docs, *(route for part in parts.slices for route in part.routes)],
        request_class=CheckedRequest,
        middleware=[Tracing(), parts.auth.middleware],
        exception_handlers=EXCEPTION_HANDLERS,
        dependencies=dict(dependencies(parts)),
        lifespan=[lifespan],
        request_max_body_size=MAX_BODY_BYTES,
        openapi_config=openapi_config(),
        cors_config=browser_apps(settings.cors_origins),
        logging_config=None,
    )
    tell_every_method(app)
    return app
