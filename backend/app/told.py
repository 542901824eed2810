"""What the contract compiler is told about our routes: who may call them, what can go wrong, what a phone gets pushed.

All of it is read off what is there anyway (guards, signatures, the code below, the catalogue of messages), so a new route is told
of without a line for it.
"""

import inspect
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from typing import Any

import msgspec
from litestar import Litestar, MediaType, Response
from litestar.handlers import HTTPRouteHandler

from backend.app.raised import every_problem, hints, is_ours, problems_of
from kernel import errors
from kernel.errors import FieldError, Problem
from kernel.http.access import Access
from kernel.http.bodies import JSON_TYPES, CheckedRequest
from kernel.http.conditional import is_conditional
from kernel.http.per_route import asked_for, stands_at
from kernel.http.problems import InternalError, ProblemView, RouteNotFound, UnsupportedMediaType, problem_view
from kernel.http.schemas import Body, View
from notifications.messages.catalogue import CATALOGUE, localisation_key
from openapi.document import operations
from openapi.told import ProblemFacts, PushFacts, Told

TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"

Problems = frozenset[type[Problem]]
# Whatever a route does, our side may fail, and so may the database.
ALWAYS: Problems = frozenset({InternalError, errors.Unavailable})
WITH_A_BODY: Problems = frozenset({errors.Invalid, errors.TooLarge, UnsupportedMediaType})


def handlers_of(app: Litestar) -> Iterator[HTTPRouteHandler]:
    """Every route of ours that has a name."""
    for route in app.routes:
        for handler in getattr(route, "route_handlers", []):
            if isinstance(handler, HTTPRouteHandler) and handler.operation_id:
                yield handler


def told(app: Litestar, generated: Mapping[str, Any]) -> Told:
    """Everything the compiler has to know of this app beyond what was generated."""
    handlers = {str(handler.operation_id): handler for handler in handlers_of(app)}
    described = {o["operationId"]: (path, o) for path, _, o in operations(dict(generated))}
    asked = {name: handlers[name] for name in described}
    wanted = {name: asked_for(handler) for name, handler in asked.items()}
    return Told(
        callers={name: callers_of(handlers[name]) for name in described},
        problems={
            name: sorted(problem.code() for problem in answers_of(app, handlers[name], path, operation))
            for name, (path, operation) in described.items()
        },
        catalogue=problem_catalogue(),
        pushes=push_catalogue(),
        schemas=_problem_schemas(),
        conditional=frozenset(name for name, handler in asked.items() if _answers_304(handler)),
        versioned={name: "must_match" in names for name, names in wanted.items() if {"if_match", "must_match"} & names},
        repeatable={name: h.opt["idempotency"] == "required" for name, h in asked.items() if "idempotency" in h.opt},
        spoken=frozenset(name for name, names in wanted.items() if "language" in names),
        meanings={struct.__name__: _meaning(struct) for struct in _structs() if struct.__doc__},
        strict=frozenset(struct.__name__ for struct in _structs() if struct.__struct_config__.forbid_unknown_fields),
    )


def _answers_304(handler: HTTPRouteHandler) -> bool:
    """A desk, which reads through `fresh`, is asked for by writes and downloads too; they answer no 304."""
    return "GET" in handler.http_methods and handler.media_type == MediaType.JSON and is_conditional(handler)


def callers_of(handler: HTTPRouteHandler) -> list[str]:
    """Which kinds of caller every guard of the route lets in."""
    kinds: list[set[str]] = [set(guard.kinds) for guard in handler.resolve_guards() if isinstance(guard, Access) and guard.kinds]
    return sorted(set.intersection(*kinds)) if kinds else []


def answers_of(app: Litestar, handler: HTTPRouteHandler, path: str, operation: Mapping[str, Any]) -> Problems:
    """The problems a route can answer with. One that shows them as a page answers none."""
    if hints(handler.resolve_exception_handlers().get(Problem)).get("return") == Response[str]:
        return frozenset()
    parts = [ALWAYS, _of_the_way_in(app, handler), _of_the_guards(handler), _of_the_request(path, operation)]
    parts += [problems_of(used) for used in _dependencies(handler)]
    parts.append(problems_of(handler.fn, owner_of(handler.fn)))
    found: Problems = frozenset().union(*parts)
    return found | _of_those_who_answer_for(found, app)


def owner_of(function: Callable[..., Any]) -> type | None:
    """The class a method was written in."""
    found: Any = inspect.getmodule(function)
    for name in function.__qualname__.split(".")[:-1]:
        found = getattr(found, name, None)
    return found if isinstance(found, type) else None


def _of_the_way_in(app: Litestar, handler: HTTPRouteHandler) -> Problems:
    """What middleware and hooks refuse before the route is asked."""
    found: Problems = frozenset()
    middlewares: list[Any] = [*app.middleware, *(handler.middleware or ())]
    for middleware in middlewares:
        if hasattr(_class_of(middleware), "upon"):
            continue
        for function, owner in steps_of(middleware):
            opted_out, needed = getattr(middleware, "exclude_opt_key", None), sys.modules[function.__module__].__dict__.get("OPT")
            # A middleware whose module names an `OPT` is there only for the routes that say so.
            stands = all(stands_at(step, handler) for step in (function, owner))
            if stands and not (opted_out and handler.opt.get(opted_out)) and (needed is None or needed in handler.opt):
                found |= problems_of(function, owner)
    hook = handler.resolve_before_request()
    return found | (problems_of(hook) if hook else frozenset())


def _of_those_who_answer_for(found: Problems, app: Litestar) -> Problems:
    """What comes instead of one of these problems, from a middleware that answers for it (`upon`)."""
    more: Problems = frozenset()
    for middleware in app.middleware:
        upon = getattr(_class_of(middleware), "upon", None)
        if upon and any(issubclass(problem, upon) for problem in found):
            for function, owner in steps_of(middleware):
                more |= problems_of(function, owner)
    return more


def _class_of(middleware: Any) -> Any:
    return middleware.func if isinstance(middleware, partial) else middleware


def steps_of(middleware: Any) -> Iterator[tuple[Callable[..., Any], type | None]]:
    """The functions a request passes in it: its own, and those it was given (`partial(Gate, checks=[...])`)."""
    if isinstance(middleware, partial):
        for given in (*middleware.args, *middleware.keywords.values()):
            for part in given if isinstance(given, list | tuple) else [given]:
                if inspect.isfunction(part):
                    yield part, None
        middleware = middleware.func
    owner = middleware if isinstance(middleware, type) else type(middleware)
    step = getattr(owner, "handle", None) or getattr(owner, "__call__", None)  # noqa: B004 - the function itself is wanted
    if inspect.isfunction(step) and is_ours(owner):
        yield step, owner


def _of_the_guards(handler: HTTPRouteHandler) -> Problems:
    found: set[type[Problem]] = set()
    for guard in handler.resolve_guards():
        if not isinstance(guard, Access):
            found |= problems_of(type(guard).__call__, type(guard)) if not inspect.isfunction(guard) else problems_of(guard)
        elif guard.kinds:
            found |= {errors.Unauthenticated, errors.Forbidden}
            found |= {errors.ScopeMissing} if guard.scope else set()
            found |= {errors.RoleMissing} if guard.roles else set()
            found |= {errors.NotForHelpers} if "citizen" in guard.kinds else set()
    return frozenset(found)


def _of_the_request(path: str, operation: Mapping[str, Any]) -> Problems:
    """What is wrong with a request before the route sees it."""
    found: Problems = frozenset()
    if "requestBody" in operation:
        found |= WITH_A_BODY
        if any(kind in JSON_TYPES for kind in operation["requestBody"]["content"]):
            found |= problems_of(CheckedRequest.body, CheckedRequest)
    if operation.get("parameters"):
        found |= {errors.Invalid}
    # Behind a blank anything may stand, a slash too; then it is another address.
    return found | {RouteNotFound} if "{" in path else found


def _dependencies(handler: HTTPRouteHandler) -> Iterator[Callable[..., Any]]:
    """The providers of everything the route asks for by name, and of what those ask for."""
    provided = handler.resolve_dependencies()
    return (provided[name].dependency for name in asked_for(handler) if name in provided)


@cache
def problem_catalogue() -> dict[str, ProblemFacts]:
    """Every problem of every slice, as it looks to somebody who reads Vietnamese."""
    found = {}
    for problem in every_problem():
        view = problem_view(_blank(problem), "vi", TRACE_ID)
        body = msgspec.to_builtins(view)
        found[problem.code()] = ProblemFacts(
            status=view.status, meaning=problem.default_detail(), body=body, says_when=problem.retry_after_s is not None
        )
    return dict(sorted(found.items()))


def _blank(problem: type[Problem]) -> Problem:
    """One of its kind with nothing particular about it, whatever its constructor asks for."""
    blank = problem.__new__(problem)
    Problem.__init__(blank)
    return blank


def _structs() -> Iterator[type[msgspec.Struct]]:
    """What crosses the wire: components of the contract by their name."""
    waiting: list[type[msgspec.Struct]] = [Body, View, ProblemView, FieldError]
    while waiting:
        struct = waiting.pop()
        waiting += struct.__subclasses__()
        if is_ours(struct):
            yield struct


def _meaning(struct: type[msgspec.Struct]) -> str:
    return inspect.cleandoc(struct.__doc__ or "")


def push_catalogue() -> list[PushFacts]:
    """Every message, as the channel pushes it."""
    return [
        PushFacts(
            message=key,
            title=message.en.title,
            body=message.en.body,
            category=message.category,
            title_key=localisation_key(key, "title"),
            body_key=localisation_key(key, "body"),
            urgent=message.urgency == "high",
            ttl_s=int(message.lifetime.total_seconds()),
        )
        for key, message in sorted(CATALOGUE.items())
    ]


def _problem_schemas() -> dict[str, Any]:
    (_,), schemas = msgspec.json.schema_components([ProblemView], ref_template="#/components/schemas/{name}")
    return schemas
