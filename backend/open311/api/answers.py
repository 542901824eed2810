"""How an answer leaves: in the form its address names, and a refusal as a list of errors in that form."""

from typing import Any

from litestar import Request, Response

from backend.open311.formats import XML, Format, named
from backend.open311.schemas import Fault
from kernel import errors
from kernel.http.language import LABELS, preferred
from kernel.http.problems import FAILURES, InternalError, NotAcceptable, problem_of, status_of
from kernel.http.words import sentence

Asked = Request[Any, Any, Any]
# GeoReport v2 knows 404 and 403, and says 400 of anything else. What HTTP itself means by its number keeps it: whoever is
# told to wait, or that it is our fault, has to be able to tell.
_KEPT = (errors.NotFound, errors.Forbidden, errors.TooMany, errors.Unavailable, NotAcceptable, InternalError)


def said(form: Format, root: str, value: Any) -> Response[bytes]:
    """The answer."""
    return Response(form.write(root, value), media_type=form.media_type)


def refused(request: Asked, problem: errors.Problem) -> Response[bytes]:
    """A problem as GeoReport v2 wants it."""
    form = named(request.scope["path"])[1] or XML
    status = status_of(problem if isinstance(problem, _KEPT) else errors.Invalid())
    language = preferred(request.headers.get("accept-language"), LABELS)
    # Everything a client has to mend is told at once.
    told = [f"{one.pointer.lstrip('/')}: {one.detail}" for one in problem.errors] or [sentence(problem, language)]
    faults = [Fault(code=status, description=one) for one in told]
    headers = {"cache-control": "no-store", "content-language": language, **problem.params.get("headers", {})}
    if problem.retry_after_s is not None:
        headers["retry-after"] = str(problem.retry_after_s)
    return Response(form.write("errors", faults), status_code=status, media_type=form.media_type, headers=headers)


def _failed(request: Asked, error: Exception) -> Response[bytes]:
    return refused(request, problem_of(error))


REFUSALS: dict[Any, Any] = dict.fromkeys(FAILURES, _failed)
