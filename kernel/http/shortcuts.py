"""Two things the framework does for every request that ours have no need of, left out: together they cost more than the whole edge.

Importing this is enough for the first, which is a method of the framework's; what it does stays the same.
"""

from typing import Any

from litestar import Litestar
from litestar.connection import ASGIConnection
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute


async def _authorize(handler: HTTPRouteHandler, connection: ASGIConnection[Any, Any, Any, Any]) -> None:
    """The framework hands each guard a copy of the route, in case it should change it. Ours look at the caller alone."""
    for guard in handler.resolve_guards():
        await guard(connection, handler)  # type: ignore[misc]


HTTPRouteHandler.authorize_connection = _authorize  # type: ignore[method-assign, assignment]


def dependencies_one_after_the_other(app: Litestar) -> None:
    """The framework makes a task for each dependency that waits for no other. Ours answer from memory, for less than one costs."""
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for _, model in route.route_handler_map.values():
                model.dependency_batches = [{dependency} for batch in model.dependency_batches for dependency in batch]
