"""The Litestar app: slices in, one API out, and between the two what every request passes."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from litestar import Litestar, Request
from litestar.config.cors import CORSConfig
from litestar.di import Provide
from litestar.types import ASGIApp

from auth.attestation import HEADER as ATTESTATION
from auth.step_up import FreshSignIns
from backend.app.denials import recording_denials
from backend.app.docs import Docs
from backend.app.health import Health
from backend.app.openapi import openapi_config
from backend.app.parts import Parts
from backend.app.release import release
from backend.settings import Settings
from backend.uploads.api.arrivals import Arrivals
from backend.uploads.api.protocol import TUS_ANSWER_HEADERS, TUS_REQUEST_HEADERS, is_tus
from kernel.http.answer import AnswerHead, answer_of
from kernel.http.app_version import served
from kernel.http.bodies import CheckedRequest
from kernel.http.client_address import ClientAddress
from kernel.http.compression import Compression
from kernel.http.conditional import Fresh
from kernel.http.deprecation import say_deprecated
from kernel.http.gate import Gate
from kernel.http.given import TheClock
from kernel.http.head import Head, refuse_head_where_get_happens_once
from kernel.http.idempotency import Idempotency, operation
from kernel.http.language import LABELS, SPOKEN, preferred
from kernel.http.limiter import LimitedWrites, Limiter, RefusedCallers
from kernel.http.negotiation import acceptable, known_parameters
from kernel.http.options import tell_every_method
from kernel.http.preconditions import if_match, must_match
from kernel.http.problems import EXCEPTION_HANDLERS
from kernel.http.shortcuts import dependencies_asked_for_directly
from kernel.http.tracing import Tracing
from kernel.mongo.files import Files
from kernel.principal import Principal
from kernel.state_calendar import calendar_at

MAX_BODY_BYTES = 1024 * 1024

# What a browser app may send and read; phones need no leave.
ASKED_WITH = [
    *("authorization", "content-type", "accept-language", "dpop", "traceparent", "x-app-version", "x-app-platform"),
    *("idempotency-key", "if-match", "if-none-match", "last-event-id", ATTESTATION),
]
ANSWERED_WITH = [
    *("x-trace-id", "etag", "repr-digest", "content-disposition", "retry-after", "www-authenticate", "content-language"),
    *("ratelimit", "ratelimit-policy", "deprecation", "sunset", "link", "location", "idempotency-replayed", "accept-patch"),
    "dpop-nonce",
]


async def actor(request: Request[Any, Any, Any]) -> Principal:
    """Who is asking. The route's guard has made sure there is somebody."""
    return request.user  # type: ignore[no-any-return]


async def language(request: Request[Any, Any, Any]) -> str:
    """The reader's language, of those the route speaks; whoever asks for it answers in it."""
    spoken = request.scope["route_handler"].opt.get(SPOKEN, LABELS)
    chosen = preferred(request.headers.get("accept-language"), spoken)
    answer_of(request.scope).language = chosen
    return chosen


async def fresh(request: Request[Any, Any, Any]) -> Fresh:
    """Whether the reader has the present version already."""
    return Fresh(request.scope, release())


def dependencies(parts: Parts) -> Mapping[str, Any]:
    """What any handler may ask for by name."""
    files = Files(parts.db)

    def given(value: Any) -> Provide:
        return Provide(lambda: value, use_cache=True, sync_to_thread=False)

    def calendar(clock: TheClock) -> Any:
        return calendar_at(clock.now())

    own = {
        "actor": Provide(actor),
        "language": Provide(language),
        "operation": Provide(operation),
        "if_match": Provide(if_match),
        "must_match": Provide(must_match),
        "fresh": Provide(fresh),
        "limits": given(parts.limits),
        "clock": given(parts.clock),
        "files": given(files),
        "db": given(parts.db),
        "reads": given(parts.reads),
        "subjects": given(parts.subjects),
        "vault": given(parts.vault),
        "audit": given(parts.audit.log),
        "step_up": given(FreshSignIns()),
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
        allow_methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
        allow_headers=[*ASKED_WITH, *TUS_REQUEST_HEADERS],
        expose_headers=[*ANSWERED_WITH, *TUS_ANSWER_HEADERS],
        max_age=600,
    )


def around_the_app(app: ASGIApp, settings: Settings) -> ASGIApp:
    """What every request passes, whether its address exists or not; the last line here is the first a request meets."""
    # The head of an answer is written innermost, so that everything further out sees it complete.
    app = AnswerHead(app)
    # Then the body is made smaller, and the tag is that of the smaller one.
    app = Compression(app)
    # HEAD is asked as GET, and loses the body when its length is known.
    app = Head(app, unless=is_tus)
    # Where a request comes from has to be known before anything is counted.
    app = ClientAddress(app, settings.trusted_proxies, settings.forwarded_header)
    # The id comes first of all, so that whatever happens next can be found in the log.
    return Tracing(app)


def inside_each_route(parts: Parts) -> list[Any]:
    """What a request passes once its route is known, in this order; what is raised here is a problem like any other."""
    checks = [
        # A route on its way out says so whatever it answers.
        say_deprecated,
        # Who is not served at all need not be looked at any closer.
        served(parts.bootstrap.service),
        # What is asked wrongly is asked wrongly by everybody.
        refuse_head_where_get_happens_once,
        acceptable,
        known_parameters,
    ]
    return [
        # The bytes of an upload are taken in before anything is asked: a connection may not live that long.
        Arrivals,
        partial(Gate, checks=checks),
        # Who fails to show a good token is counted by address,
        partial(RefusedCallers, limits=parts.limits),
        parts.auth.middleware,
        # and who has shown one by name, which is known only now.
        partial(Limiter, limits=parts.limits),
        parts.auth.attested,
        # A write that came before is answered from memory, next to the handler and inside everything that shapes an answer.
        Idempotency,
        # What is new counts against what its route may be asked for; a repetition does not.
        partial(LimitedWrites, limits=parts.limits),
    ]


def create_app(parts: Parts) -> Litestar:
    """The API over `parts`, which it opens when it starts and closes when it stops."""

    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        await parts.open()
        await parts.auth.start()
        await parts.bootstrap.start()
        try:
            yield
        finally:
            await parts.sync.stop()
            await parts.bootstrap.stop()
            await parts.auth.stop()
            await parts.close()

    settings = parts.settings
    app = Litestar(
        route_handlers=[Health, Docs, *(route for part in parts.slices for route in part.routes)],
        request_class=CheckedRequest,
        middleware=inside_each_route(parts),
        exception_handlers=EXCEPTION_HANDLERS,
        after_exception=[recording_denials(parts.audit.log)],
        dependencies=dict(dependencies(parts)),
        lifespan=[lifespan],
        request_max_body_size=MAX_BODY_BYTES,
        openapi_config=openapi_config(),
        cors_config=browser_apps(settings.cors_origins),
        logging_config=None,
    )
    tell_every_method(app)
    dependencies_asked_for_directly(app)
    app.asgi_handler = around_the_app(app.asgi_handler, settings)
    return app
