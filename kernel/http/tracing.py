"""An id for every request: in the answer's header, in every problem, on every log line; and the last resort behind all of it."""

import re
import secrets

import msgspec
import structlog
from litestar.types import ASGIApp, Receive, Scope, Send
from structlog.contextvars import bind_contextvars

from kernel.http.answer import Answer, by_name, written
from kernel.http.language import DEFAULT
from kernel.http.problems import MEDIA_TYPE, InternalError, problem_view

log = structlog.get_logger(__name__)

# W3C Trace Context, section 3.2: version, trace-id, parent-id, flags.
_TRACEPARENT = re.compile(rb"00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")


class Tracing:
    """Takes the trace id of the caller's `traceparent`, or makes one, and begins the answer under it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = by_name(scope["headers"])  # type: ignore[arg-type]
        given = _TRACEPARENT.fullmatch(asked.get(b"traceparent", b""))
        trace_id = given[1].decode() if given else secrets.token_hex(16)
        answer = Answer(trace_id, asked)
        scope["state"] |= {"trace_id": trace_id, "answer": answer}
        # Never unbound: the server runs each request in a context of its own.
        bind_contextvars(trace_id=trace_id)
        try:
            await self._app(scope, receive, send)
        except Exception as failure:
            # What routes raise has been answered long before; this is our own machinery having failed (SEC-55, V16.5.4).
            log.exception("http.edge_failed")
            try:
                await _apologise(answer, send)
            except RuntimeError:
                # An answer had begun: all that is left is to break it off.
                raise failure from None


async def _apologise(answer: Answer, send: Send) -> None:
    view = problem_view(InternalError(), DEFAULT, answer.trace_id)
    headers = written(answer, view.status, [(b"content-type", MEDIA_TYPE.encode())])
    await send({"type": "http.response.start", "status": view.status, "headers": headers})
    await send({"type": "http.response.body", "body": msgspec.json.encode(view), "more_body": False})
