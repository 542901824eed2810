"""Begins to take in the bytes of an upload before anything else is done with its request (`backend/uploads/inflow.py`)."""

from typing import cast

from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from backend.uploads.api.protocol import ADDRESS, CONTENT_TYPE, Asked
from backend.uploads.inflow import Inflow
from backend.uploads.inflow import Receive as Body

_STATE = "upload_inflow"


class Arrivals(ASGIMiddleware):
    """The outermost middleware: finding out who calls takes longer than a short-lived connection lives."""

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        headers = dict(scope["headers"])
        brings_bytes = scope["path"].startswith(ADDRESS) and headers.get(b"content-type") == CONTENT_TYPE.encode()
        # Who sends `Expect: 100-continue` wants to be asked before it sends anything.
        if not brings_bytes or b"expect" in headers:
            await next_app(scope, receive, send)
            return
        inflow = scope.setdefault("state", {})[_STATE] = Inflow(cast("Body", receive))
        inflow.start()
        try:
            await next_app(scope, receive, send)
        finally:
            await inflow.stop()


def inflow_of(request: Asked) -> Inflow:
    """The bytes of this request."""
    found = request.scope.get("state", {}).get(_STATE)
    return found if isinstance(found, Inflow) else Inflow(cast("Body", request.receive))
