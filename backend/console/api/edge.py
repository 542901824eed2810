"""What every page has in common: who is let in, and what is shown when something goes wrong."""

from collections.abc import Callable, MutableMapping
from typing import Any, Final
from urllib.parse import urlencode

from litestar import Request, Response
from litestar.response import Redirect

from auth.schemes import NO_BEARER
from backend.console.errors import ApiRefused, NotSignedIn
from backend.console.pages import HEADERS, page_for_anybody
from backend.console.visit import look_of
from kernel.clock import SystemClock
from kernel.errors import Problem
from kernel.http.limits import UNLIMITED
from kernel.http.negotiation import ANY_QUERY, PRODUCES
from kernel.http.problems import status_of
from kernel.http.words import sentence

Asked = Request[Any, Any, Any]
# Whoever is signed in is counted where their page is made of: by the API. A whole office may share one address. Who is not signed
# in costs nothing here, and is counted where the sign-in begins.
PAGE = {NO_BEARER: True, ANY_QUERY: True, PRODUCES: ["text/html"], **UNLIMITED}
SIGN_IN = "/console/sign-in"
SEE_OTHER: Final = 303


def go_to(address: str) -> Redirect:
    """After a form: the browser asks for the page, so that a reload repeats nothing."""
    return Redirect(address, status_code=SEE_OTHER, headers=HEADERS)


def here_again(request: Asked) -> str:
    """Where somebody should come back to after signing in: the page they asked for, never where a form was sent to."""
    if request.method != "GET":
        return "/console/"
    query = request.scope["query_string"].decode("latin-1")
    return request.scope["path"] + (f"?{query}" if query else "")


def problem_as_page(request: Asked, problem: Problem) -> Response[Any]:
    """What went wrong, in words; who is not signed in is sent there."""
    if isinstance(problem, NotSignedIn) and not problem.params.get("typed"):
        return go_to(f"{SIGN_IN}?{urlencode({'next': here_again(request)})}")
    detail = sentence(problem, look_of(request).language)
    return _shown(request, status_of(problem), problem.code(), detail, typed=problem.params.get("typed", []))


def refusal_as_page(request: Asked, refused: ApiRefused) -> Response[Any]:
    """What the API said no to, in its words."""
    return _shown(request, refused.status, refused.code, refused.detail, typed=[])


def _shown(request: Asked, status: int, code: str, detail: str, *, typed: list[str]) -> Response[str]:
    values = {"code": code, "detail": detail, "typed": typed, "back": _back(request), "number": status}
    return page_for_anybody(request, SystemClock().now(), "problem.html", status=status, **values)


def _back(request: Asked) -> str:
    """The page a form stood on; the queue where there is none."""
    path: str = request.scope["path"]
    above = path.rpartition("/")[0]
    return above if request.method == "POST" and above != "/console" else "/console/"


AS_PAGES: MutableMapping[int | type[Exception], Callable[[Asked, Any], Response[Any]]] = {
    Problem: problem_as_page,
    ApiRefused: refusal_as_page,
}
