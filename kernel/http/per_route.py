"""What is worked out once for each route, and then only looked up."""

from collections.abc import Callable
from typing import Any, Generic, Protocol, TypeVar

from litestar.handlers import HTTPRouteHandler

Known = TypeVar("Known")
Step = TypeVar("Step", bound=Callable[..., Any])
At = Callable[[HTTPRouteHandler], bool]


class _Marked(Protocol):
    only_at: At


def only_at(at: At) -> Callable[[Step], Step]:
    """Marks a step on the way in (a check, a middleware) that refuses nobody anywhere else: so the contract says of it, too."""

    def mark(step: Step) -> Step:
        marked: _Marked = step  # type: ignore[assignment]
        marked.only_at = at
        return step

    return mark


def stands_at(step: Any, handler: HTTPRouteHandler) -> bool:
    """May this step refuse a request to this route?"""
    at: At | None = getattr(step, "only_at", None)
    return at is None or at(handler)


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
