"""Begins to take in the bytes of an upload before anything else is done with its request (`backend/uploads/inflow.py`)."""

from collections.abc import Mapping
from typing import cast

from litestar.types import ASGIApp, Receive, Scope, Send

from backend.uploads.api.protocol import ADDRESS, CONTENT_TYPE, Asked
from backend.uploads.inflow import Inflow
from backend.uploads.inflow import Receive as Body

_STATE = "upload_inflow"


class Arrivals:
    """The outermost middleware: finding out who calls takes longer than a short-lived connection lives."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not scope["path"].startswith(ADDRESS) or not _brings_bytes(dict(scope["headers"])):
            await self._app(scope, receive, send)
            return
        inflow = scope.setdefault("state", {})[_STATE] = Inflow(cast("Body", receive))
        inflow.start()
        try:
            await self._app(scope, receive, send)
        finally:
            await inflow.stop()


def _brings_bytes(headers: Mapping[bytes, bytes]) -> bool:
    # Who sends `Expect: 100-continue` wants to be asked before it sends anything.
    return headers.get(b"content-type") == CONTENT_TYPE.encode() and b"expect" not in headers


def inflow_of(request: Asked) -> Inflow:
    """The bytes of this request."""
    found = request.scope.get("state", {}).get(_STATE)
    return found if isinstance(found, Inflow) else Inflow(cast("Body", request.receive))
