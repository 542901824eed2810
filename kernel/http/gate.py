"""What a request can be refused for before anybody looks at who is asking: a list of plain checks, one behind the other."""

from collections.abc import Callable, Sequence
from typing import Any

from litestar.types import ASGIApp, Receive, Scope, Send

Check = Callable[[Any], None]


class Gate:
    """Asks each check in turn; a check raises a problem or says nothing."""

    def __init__(self, app: ASGIApp, checks: Sequence[Check]) -> None:
        self._app, self._checks = app, tuple(checks)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        for check in self._checks:
            check(scope)
        await self._app(scope, receive, send)
