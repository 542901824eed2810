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


def asked_for(handler: HTTPRouteHandler) -> set[str]:
    """Everything a route asks for by name, and what those ask for in turn."""
    provided = handler.resolve_dependencies()
    found, waiting = set[str](), list(handler.parsed_fn_signature.parameters)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += provided[name].parsed_fn_signature.parameters if name in provided else []
    return found
