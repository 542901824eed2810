"""A guard for the strings behind the stage: only programs on this machine may pull them."""

from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from kernel.errors import NotFound


def from_this_machine(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Nobody else learns that there are strings.

    Raises:
        NotFound: the caller is elsewhere, or might be a page of another origin: a browser lets any page send a form or plain text
            to this machine, but asks before it sends JSON.
    """
    if connection.client is None or connection.client.host not in {"127.0.0.1", "::1"}:
        raise NotFound
    if isinstance(connection, Request) and connection.method == "POST" and connection.content_type[0] != "application/json":
        raise NotFound
