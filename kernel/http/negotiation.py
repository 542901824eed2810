"""May this be asked so: are the query's parameters ones the route knows, each said once, and can it answer what is accepted?

A parameter nobody reads is refused everywhere, public routes included: a mistyped filter would otherwise be lost without a word,
and an answer to another question looks like an answer. Who has to be lenient (RFC 6749, 3.1: "MUST ignore unrecognized request
parameters") says `opt={ANY_QUERY: True}`.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl

from litestar import Response
from litestar.enums import ParamType
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from kernel.errors import FieldError, Invalid
from kernel.http.answer import answer_of
from kernel.http.per_route import PerRoute, only_at
from kernel.http.problems import NotAcceptable

ANY_QUERY = "takes_any_query"
PRODUCES = "produces"
"""At a route whose answers have other types than its handler's: all of them."""

MAX_PARAMETERS = 100


class ParameterTwice(Invalid):
    """A parameter stands twice in the query."""

    vi = "Một tham số xuất hiện hai lần."


class ParameterUnknown(Invalid):
    """This address does not know one of the query's parameters."""

    vi = "Địa chỉ này không có tham số đó."


class QueryMalformed(Invalid):
    """The query cannot be read: it is no UTF-8, or has no end."""

    vi = "Không đọc được chuỗi truy vấn."


def _parameters(handler: HTTPRouteHandler, scope: Any) -> tuple[frozenset[str], frozenset[str]] | None:
    """Names the route reads, and those of them that may stand more than once; None where any will do."""
    if handler.opt.get(ANY_QUERY):
        return None
    for route in scope["litestar_app"].routes:
        if isinstance(route, HTTPRoute) and any(known is handler for known, _ in route.route_handler_map.values()):
            model = next(model for known, model in route.route_handler_map.values() if known is handler)
            names = {p.field_alias for p in model.expected_query_params if p.param_type == ParamType.QUERY}
            return frozenset(names), frozenset(model.sequence_query_parameter_names)
    return None


_PARAMETERS = PerRoute(_parameters)


@only_at(lambda handler: not handler.opt.get(ANY_QUERY))
def known_parameters(scope: Any) -> None:
    """Every parameter is known, and said once (SEC-52).

    Raises:
        ParameterUnknown, ParameterTwice, QueryMalformed.
    """
    query: bytes = scope["query_string"]
    if not query or (known := _PARAMETERS.of(scope)) is None:
        return
    names, repeatable = known
    seen: set[str] = set()
    try:
        given = parse_qsl(query.decode(), keep_blank_values=True, errors="strict", max_num_fields=MAX_PARAMETERS)
    except ValueError as broken:
        raise QueryMalformed from broken
    for name, _ in given:
        if name not in names:
            raise ParameterUnknown(errors=[FieldError(name, "parameter_unknown", f"one of: {', '.join(sorted(names)) or 'none'}")])
        if name in seen and name not in repeatable:
            raise ParameterTwice(errors=[FieldError(name, "parameter_twice", "say it once")])
        seen.add(name)


def _produced(handler: HTTPRouteHandler, _: Any) -> tuple[str, ...]:
    # An answer without content is acceptable to everybody.
    if handler.parsed_fn_signature.return_type.annotation in (None, type(None), Response[None]):
        return ()
    return tuple(handler.opt.get(PRODUCES) or (str(getattr(handler.media_type, "value", handler.media_type)),))


_PRODUCED = PerRoute(_produced)


@only_at(lambda handler: bool(_produced(handler, None)))
def acceptable(scope: Any) -> None:
    """Something the route produces is accepted (RFC 9110, 12.5.1). A problem is sent whatever is accepted.

    Raises:
        NotAcceptable.
    """
    accept = answer_of(scope).asked.get(b"accept", b"")
    if accept in (b"", b"*/*"):
        return
    if not accepts(accept.decode("latin-1"), _PRODUCED.of(scope)):
        raise NotAcceptable


@lru_cache(maxsize=1_024)
def accepts(accept: str, produced: Sequence[str]) -> bool:
    """Is one of these types accepted with a weight above zero, by the most specific range that fits it?"""
    ranges = [_range(part) for part in accept.split(",") if part.strip()]
    return not ranges or not produced or any(_weight(media_type.partition(";")[0].strip(), ranges) > 0 for media_type in produced)


def _range(part: str) -> tuple[str, float]:
    media_range, *parameters = (piece.strip().lower() for piece in part.split(";"))
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return media_range, float(parameter[2:])
            except ValueError:
                return media_range, 0.0
    return media_range, 1.0


def _weight(media_type: str, ranges: Sequence[tuple[str, float]]) -> float:
    main = media_type.partition("/")[0]
    for fitting in (media_type, f"{main}/*", "*/*"):
        weights = [q for media_range, q in ranges if media_range == fitting]
        if weights:
            return max(weights)
    return 0.0
