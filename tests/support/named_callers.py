"""Callers by name for routes on a socket: the header `x-as` says who; how somebody signs in is proven elsewhere."""

from collections.abc import Mapping

from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from kernel.principal import Principal


class NamedCallers(ASGIMiddleware):
    """Believes the header."""

    scopes = (ScopeType.HTTP,)

    def __init__(self, people: Mapping[str, Principal]) -> None:
        self._people = people

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        name = next((value.decode() for key, value in scope["headers"] if key == b"x-as"), "")
        scope["user"] = self._people.get(name)
        await next_app(scope, receive, send)
