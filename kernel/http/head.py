"""HEAD for every GET, without a line in any route (RFC 9110, 9.3.2): the same answer, and its body is not sent."""

from collections.abc import Callable
from typing import Any

from litestar.types import ASGIApp, Message, Receive, Send

from kernel.http.per_route import only_at
from kernel.http.problems import MethodNotAllowed

ONCE = "get_happens_once"
"""At a route whose GET changes something (it hands a thing out once): asking about it must not, so HEAD is refused there."""

_ASKED_BY_HEAD = "asked_by_head"


class Head:
    """Asks the app with GET and keeps the body back, except `unless` a path has a HEAD of its own."""

    def __init__(self, app: ASGIApp, *, unless: Callable[[str], bool]) -> None:
        self._app, self._unless = app, unless

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        if scope["method"] != "HEAD" or self._unless(scope["path"]):
            await self._app(scope, receive, send)
            return

        async def send_head_only(message: Message) -> None:
            if message["type"] == "http.response.body":
                message["body"] = b""
            await send(message)

        scope["state"][_ASKED_BY_HEAD] = True
        # A copy: the server goes by its own, in which this is still a HEAD.
        asked: Any = {**scope, "method": "GET"}
        await self._app(asked, receive, send_head_only)


def method_of(scope: Any) -> str:
    """The method the caller used, whatever it was asked as."""
    return "HEAD" if _ASKED_BY_HEAD in scope.get("state", {}) else str(scope["method"])


@only_at(lambda handler: bool(handler.opt.get(ONCE)))
def refuse_head_where_get_happens_once(scope: Any) -> None:
    """Raises where a HEAD would use up what a GET is for.

    Raises:
        MethodNotAllowed.
    """
    if _ASKED_BY_HEAD in scope["state"] and scope["route_handler"].opt.get(ONCE):
        raise MethodNotAllowed(headers={"allow": "GET"})
