"""An id for every request: in the answer's header, in every problem, on every log line."""

import re

import structlog
from litestar.datastructures import MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from kernel.audit import CALLER_NETWORK, network_of
from kernel.ids import new_id

# W3C Trace Context, section 3.2: version, trace-id, parent-id, flags.
_TRACEPARENT = re.compile(rb"00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")


class Tracing(ASGIMiddleware):
    """Takes the trace id of the caller's `traceparent`, or makes one."""

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        given = next((_TRACEPARENT.fullmatch(v) for k, v in scope["headers"] if k == b"traceparent"), None)
        trace_id = given[1].decode() if given else new_id()
        scope.setdefault("state", {})["trace_id"] = trace_id

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableScopeHeaders.from_message(message)["x-trace-id"] = trace_id
            await send(message)

        caller = scope.get("client")
        known = CALLER_NETWORK.set(network_of(caller[0]) if caller else None)
        try:
            with structlog.contextvars.bound_contextvars(trace_id=trace_id):
                await next_app(scope, receive, send_with_id)
        finally:
            CALLER_NETWORK.reset(known)
