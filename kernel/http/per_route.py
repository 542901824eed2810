"""What is worked out once for each route, and then only looked up."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from litestar.handlers import HTTPRouteHandler

Known = TypeVar("Known")


class PerRoute(Generic[Known]):
    """`work_out(handler, scope)`, remembered by handler."""

    def __init__(self, work_out: Callable[[HTTPRouteHandler, Any], Known]) -> None:
        self._work_out = work_out
        self._known: dict[int, tuple[object, Known]] = {}

    def of(self, scope: Any) -> Known:
        """What is known of the route this request has come to."""
        handler = scope["route_handler"]
        # By identity; the handler is kept along, so that its identity stays its own.
        found = self._known.get(id(handler))
        if found is None:
            found = self._known[id(handler)] = (handler, self._work_out(handler, scope))
        return found[1]
