"""What the browser visits: the authorization endpoint, and the callback a provider sends it back to. Pages and redirects only."""

from typing import Any

import structlog
from litestar import Controller, Request, Response, get
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect as RedirectResponse
from pymongo.errors import PyMongoError

from auth import forms
from auth.config import AuthConfig
from auth.errors import AuthorizationRequestMalformed
from auth.lifetimes import LOGIN_TRANSACTION
from auth.schemes import NO_BEARER
from auth.server import pages
from auth.server.api.contract import AuthorizeOperation, CallbackOperation
from auth.server.sign_in import AUTHORIZE, Choice, Redirect, SignIns
from kernel.errors import Problem, Unavailable
from kernel.http.access import everybody
from kernel.http.head import ONCE
from kernel.http.language import LABELS, preferred
from kernel.http.limits import limited
from kernel.http.negotiation import ANY_QUERY, PRODUCES

log = structlog.get_logger(__name__)

_HEADERS = {"cache-control": "no-store", "referrer-policy": "no-referrer"}


def _as_page(request: Request[Any, Any, Any], problem: Problem) -> Response[str]:
    return pages.problem_page(problem, _language(request))


def _database_as_page(request: Request[Any, Any, Any], error: PyMongoError) -> Response[str]:
    log.error("http.database_failed", exc_info=error)
    return pages.problem_page(Unavailable(), _language(request))


class Authorization(Controller):
    """Signing in, in the browser."""

    path = "/"
    tags = ("Sign-in",)
    guards = (everybody,)
    opt = {NO_BEARER: True, ANY_QUERY: True, PRODUCES: ["text/html"]}
    exception_handlers = {Problem: _as_page, PyMongoError: _database_as_page}

    @get(
        AUTHORIZE,
        operation_id="authorize",
        operation_class=AuthorizeOperation,
        summary="Start a sign-in in the system browser",
        opt=limited("authorize"),
    )
    async def authorize(
        self, request: Request[Any, Any, Any], sign_ins: NamedDependency[SignIns], auth_config: NamedDependency[AuthConfig]
    ) -> Response[str]:
        """The authorization endpoint (RFC 6749 4.1, RFC 7636, RFC 9207).

        Needs `response_type=code`, `client_id`, `redirect_uri`, `code_challenge`, `code_challenge_method=S256`; takes `scope`,
        `state` and `provider`, without which the person is asked. Answers with a redirect, or with a page when there is nowhere
        to redirect to.
        """
        asked = _query(request)
        went = await sign_ins.begin(asked, request.cookies.get(_cookie_name(auth_config)))
        if isinstance(went, Choice):
            return pages.choice_page(went.app, went.providers, asked, AUTHORIZE, _language(request))
        return _redirect(went, auth_config)

    @get(
        "/auth/callback/{provider:str}",
        operation_id="finishSignIn",
        operation_class=CallbackOperation,
        summary="Come back from an account provider",
        opt={ONCE: True, **limited("callback")},
    )
    async def callback(
        self,
        request: Request[Any, Any, Any],
        provider: FromPath[str],
        sign_ins: NamedDependency[SignIns],
        auth_config: NamedDependency[AuthConfig],
    ) -> Response[str]:
        """Where a provider sends the browser; not for apps to call. Goes on to the app with `code`, `state` and `iss`."""
        went = await sign_ins.finish(provider, _query(request), request.cookies.get(_cookie_name(auth_config)))
        return _redirect(went, auth_config)


def _query(request: Request[Any, Any, Any]) -> dict[str, str]:
    try:
        return forms.query(request)
    except forms.FormMalformed as broken:
        raise AuthorizationRequestMalformed from broken


def _redirect(went: Redirect, config: AuthConfig) -> Response[Any]:
    cookies = []
    if went.browser is not None:
        cookies.append(
            Cookie(
                key=_cookie_name(config),
                value=went.browser,
                max_age=int(LOGIN_TRANSACTION.total_seconds()),
                path="/",
                secure=config.secure_cookies,
                httponly=True,
                # Lax, not Strict: the provider's redirect back is a navigation from another site.
                samesite="lax",
            )
        )
    return RedirectResponse(went.location, headers=_HEADERS, cookies=cookies)


def _cookie_name(config: AuthConfig) -> str:
    """`__Host-` binds the cookie to this host alone, but browsers take it only over https."""
    return "__Host-signin" if config.secure_cookies else "signin"


def _language(request: Request[Any, Any, Any]) -> str:
    return preferred(request.headers.get("accept-language"), LABELS)
