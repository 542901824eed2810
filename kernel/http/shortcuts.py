"""Two things the framework does for every request that ours have no need of, left out: together they cost more than the whole edge.

Importing this is enough for the first, which is a method of the framework's; what it does stays the same.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from litestar import Litestar
from litestar.connection import ASGIConnection
from litestar.di import Provide
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

Values = dict[str, Any]


async def _authorize(handler: HTTPRouteHandler, connection: ASGIConnection[Any, Any, Any, Any]) -> None:
    """The framework hands each guard a copy of the route, in case it should change it. Ours look at the caller alone."""
    for guard in handler.resolve_guards():
        await guard(connection, handler)  # type: ignore[misc]


HTTPRouteHandler.authorize_connection = _authorize  # type: ignore[method-assign, assignment]


class _Asked(NamedTuple):
    """A dependency, and the names of what it asks for itself."""

    name: str
    ask: Callable[..., Any]
    needs: Sequence[str]
    waits: bool


def dependencies_asked_for_directly(app: Litestar) -> None:
    """The framework makes a task for each dependency that waits for no other, and validates what one hands to the next.

    Ours answer from memory, and are what they say they are (kernel.http.given). So those that ask for nothing but the request and
    each other are called as they are, one after the other, and what never changes is looked up once. What reads a header or a
    query goes the framework's way.
    """
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for _, model in route.route_handler_map.values():
                constant: Values = {}
                asked: list[_Asked] = []
                left = []
                for dependency in [dependency for batch in model.dependency_batches for dependency in batch]:
                    provide, needs = dependency.provide, tuple(dependency.provide.signature_model._fields)
                    if provide.use_cache and not needs and provide.has_sync_callable:
                        constant[dependency.key] = provide.dependency()
                    elif _is_direct(provide, needs, {*constant, *(one.name for one in asked)}):
                        asked.append(_Asked(dependency.key, provide.dependency, needs, not provide.has_sync_callable))
                    else:
                        left.append({dependency})
                model.dependency_batches = left
                if constant or asked:
                    model.extractors.append(_extractor(constant, asked))


def _is_direct(provide: Provide, needs: Sequence[str], known: set[str]) -> bool:
    generates = provide.has_sync_generator_dependency or provide.has_async_generator_dependency
    return not generates and all(name == "request" or name in known for name in needs)


def _extractor(constant: Mapping[str, Any], asked: Sequence[_Asked]) -> Any:
    """Puts them beside what the framework itself takes from a request: the request is there by then."""

    async def extract(values: Values, _: Any) -> None:
        values |= constant
        for name, ask, needs, waits in asked:
            value = ask(**{needed: values[needed] for needed in needs})
            values[name] = await value if waits else value

    return extract
