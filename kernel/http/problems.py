"""Every failure as `application/problem+json` (RFC 9457): stable `type` and `code`, `detail` for the reader in their language.

The one place that knows HTTP status numbers. What Litestar raises by itself is mapped here too, so no route can answer otherwise.
"""

from typing import Any

import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import (
    ClientException,
    HTTPException,
    MethodNotAllowedException,
    NotFoundException,
    SerializationException,
    ValidationException,
)
from pymongo.errors import PyMongoError

from kernel import errors
from kernel.errors import FieldError
from kernel.http import words
from kernel.http.answer import answer_of
from kernel.http.conditional import NotModified, not_modified
from kernel.http.faults import fault_of, field_error, pointer_of
from kernel.http.language import preferred

log = structlog.get_logger(__name__)

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "/docs#"
# In a request's state: how to sign in, as whoever checks signatures has written it there.
CHALLENGE = "www-authenticate"
# And by which scheme this caller has.
SCHEME = "authorization-scheme"


class MethodNotAllowed(errors.Problem):
    """This address does not take that method."""

    title = "Method not allowed"
    vi = "Địa chỉ này không nhận phương thức đó."


class RouteNotFound(errors.NotFound):
    """There is no such address."""

    vi = "Không có địa chỉ này."


class UnsupportedMediaType(errors.Problem):
    """The body is of a type this address does not take."""

    title = "Unsupported media type"
    vi = "Địa chỉ này không nhận kiểu nội dung đó."


class NotAcceptable(errors.Problem):
    """None of the answer types you accept can be given."""

    title = "Not acceptable"
    vi = "Không thể trả lời bằng kiểu nội dung bạn yêu cầu."


class InternalError(errors.Problem):
    """Something broke on our side. It has been recorded; quote the trace id when you ask about it."""

    title = "Internal error"
    vi = "Hệ thống gặp lỗi và đã ghi nhận; vui lòng cung cấp mã theo dõi (traceId) khi liên hệ."


STATUS: dict[type[errors.Problem], int] = {
    errors.Invalid: 400,
    errors.Unauthenticated: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    MethodNotAllowed: 405,
    NotAcceptable: 406,
    errors.Conflict: 409,
    errors.Gone: 410,
    errors.PreconditionFailed: 412,
    errors.TooLarge: 413,
    UnsupportedMediaType: 415,
    errors.Unprocessable: 422,
    errors.Locked: 423,
    errors.UpgradeRequired: 426,
    errors.PreconditionRequired: 428,
    errors.TooMany: 429,
    # tus 1.0.0, extension checksum: a number of the protocol's own.
    errors.ChecksumMismatch: 460,
    InternalError: 500,
    errors.Unavailable: 503,
}


class ProblemView(msgspec.Struct, kw_only=True, rename="camel", omit_defaults=True):
    """A problem as the caller reads it (RFC 9457)."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    trace_id: str = ""
    errors: list[FieldError] = []
    store_url: str = ""
    """Where to get an app that is served (426)."""


def status_of(problem: errors.Problem) -> int:
    """The HTTP status of a problem: that of its nearest category."""
    return next(STATUS[kind] for kind in type(problem).__mro__ if kind in STATUS)


def problem_view(problem: errors.Problem, language: str, trace_id: str) -> ProblemView:
    """What goes over the wire."""
    code = problem.code()
    return ProblemView(
        type=TYPE_PREFIX + code,
        title=words.title(type(problem), language),
        status=status_of(problem),
        code=code,
        detail=words.sentence(problem, language),
        trace_id=trace_id,
        errors=words.fields(problem.errors, language),
        store_url=problem.params.get("store_url", ""),
    )


def to_response(request: Request[Any, Any, Any], problem: errors.Problem) -> Response[ProblemView]:
    """The answer, with the headers its status asks for."""
    language = preferred(request.headers.get("accept-language"))
    view = problem_view(problem, language, answer_of(request.scope).trace_id)
    headers = {"content-language": language, "cache-control": "no-store"}
    if view.status == 401:
        state = request.scope.get("state", {})
        headers["www-authenticate"] = state.get(CHALLENGE, "Bearer")
        if asked := problem.params.get("challenge"):
            # RFC 9470, 3: the caller is known, but not well enough.
            headers["www-authenticate"] = f"{state.get(SCHEME, 'Bearer')} {asked}"
    if problem.retry_after_s is not None:
        headers["retry-after"] = str(problem.retry_after_s)
    headers |= problem.params.get("headers", {})
    return Response(view, status_code=view.status, media_type=MEDIA_TYPE, headers=headers)


def problem_of(error: Exception) -> errors.Problem:
    """What a failure is, whoever raised it; what is our own fault goes to the log."""
    if isinstance(error, errors.Problem):
        return error
    if isinstance(error, PyMongoError):
        log.error("http.database_failed", exc_info=error)
        return errors.Unavailable()
    if isinstance(error, ValidationException):
        extra = error.extra if isinstance(error.extra, list) else []
        return errors.Invalid(errors=[_field_error(item) for item in extra if isinstance(item, dict)])
    if isinstance(error, SerializationException):
        return errors.Invalid()
    if isinstance(error, HTTPException):
        return _of_the_framework(error)
    log.error("http.failed", exc_info=error)
    return InternalError()


def _failed(request: Request[Any, Any, Any], error: Exception) -> Response[ProblemView]:
    return to_response(request, problem_of(error))


def _field_error(item: dict[str, Any]) -> FieldError:
    key, message = str(item.get("key", "")), str(item.get("message", ""))
    if item.get("source") in ("query", "header", "cookie", "path"):
        return FieldError(key, "invalid", message)
    # Of the body itself Litestar says `data`, which is its own name for it.
    return field_error("" if key == "data" else pointer_of(key), message)


def _in_the_body(error: HTTPException) -> FieldError | None:
    """Litestar takes a broken field of the body for a fault of ours when a dependency has the same name (`language`, `files`)."""
    if not isinstance(error.__cause__, msgspec.ValidationError) or "`$.data" not in str(error.__cause__):
        return None
    inside = str(error.__cause__).replace("`$.data", "`$", 1)
    return fault_of(msgspec.ValidationError(inside))


def _of_the_framework(error: HTTPException) -> errors.Problem:
    if isinstance(error, MethodNotAllowedException):
        return MethodNotAllowed(headers=error.headers or {})
    if isinstance(error, NotFoundException):
        return RouteNotFound()
    if where := _in_the_body(error):
        return errors.Invalid(errors=[where])
    if error.status_code >= 500:
        log.error("http.failed", exc_info=error)
    kinds: dict[int, type[errors.Problem]] = {status: kind for kind, status in STATUS.items()}
    return kinds.get(error.status_code, errors.Invalid if error.status_code < 500 else InternalError)()


# What can be raised, from the closest kind to the widest: who answers failures in another form takes every one of them.
FAILURES: tuple[type[Exception], ...] = (
    errors.Problem,
    ValidationException,
    SerializationException,
    ClientException,
    HTTPException,
    PyMongoError,
    Exception,
)
EXCEPTION_HANDLERS: dict[Any, Any] = {NotModified: not_modified, **dict.fromkeys(FAILURES, _failed)}
