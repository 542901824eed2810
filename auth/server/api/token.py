"""What apps and systems call without a browser: token and revoke. Errors in OAuth's own form (RFC 6749, 5.2)."""

from contextlib import suppress
from functools import partial
from typing import Any

from anyio.to_thread import run_sync
from authlib.oauth2.rfc6749 import InvalidClientError, InvalidRequestError, OAuth2Error
from litestar import Controller, Request, Response, post
from litestar.di import NamedDependency

from auth import forms
from auth.server.api import contract
from auth.server.authorization_server import Answer, Asked, AuthorizationServer
from auth.sessions.families import Families
from auth.tokens.middleware import NO_BEARER
from kernel.http.access import everybody
from kernel.http.app_version import ALWAYS_SERVED
from kernel.http.given import TheLimits
from kernel.http.limiter import Limits
from kernel.http.limits import limited
from kernel.http.negotiation import ANY_QUERY

TOKEN_PATH = "/oauth/token"  # noqa: S105 - an address, not a password
REVOKE_PATH = "/oauth/revoke"


class Token(Controller):
    """Codes and refresh tokens into access tokens, and tokens into nothing."""

    path = "/"
    tags = ("Sign-in",)
    guards = (everybody,)
    opt = {NO_BEARER: True, ANY_QUERY: True}
    request_max_body_size = forms.MAX_FORM_BYTES

    @post(
        TOKEN_PATH,
        status_code=200,
        operation_id="issueToken",
        operation_class=contract.TokenOperation,
        summary="Get an access token",
        opt=limited("token"),
    )
    async def token(
        self,
        request: Request[Any, Any, Any],
        authorization_server: NamedDependency[AuthorizationServer],
        families: NamedDependency[Families],
        limits: TheLimits,
    ) -> Response[dict[str, Any]]:
        """The token endpoint: `authorization_code` and `refresh_token` for apps, `client_credentials` for systems (RFC 6749)."""
        await _count_refreshes(request, families, limits)
        return await _answered(request, TOKEN_PATH, authorization_server, authorization_server.create_token_response)

    @post(
        REVOKE_PATH,
        status_code=200,
        operation_id="revokeToken",
        operation_class=contract.RevokeOperation,
        summary="Sign out: end the session of a token",
        opt={ALWAYS_SERVED: True, **limited("token")},
    )
    async def revoke(
        self, request: Request[Any, Any, Any], authorization_server: NamedDependency[AuthorizationServer]
    ) -> Response[dict[str, Any]]:
        """The revocation endpoint (RFC 7009). Answers 200 for a token it does not know, too."""
        respond = partial(authorization_server.create_endpoint_response, "revocation")
        return await _answered(request, REVOKE_PATH, authorization_server, respond)


async def _count_refreshes(request: Request[Any, Any, Any], families: Families, limits: Limits) -> None:
    """By family: an app gone wild is slowed down wherever it calls from, and stops nobody else's (SEC-63)."""
    with suppress(forms.FormMalformed):
        fields = await forms.form(request)
        if secret := fields.get("refresh_token"):
            found = await run_sync(families.presented, secret, fields.get("client_id", ""))
            if found is not None:
                await limits.take("refresh", found[1]["_id"])


async def _answered(
    request: Request[Any, Any, Any], path: str, server: AuthorizationServer, respond: Any
) -> Response[dict[str, Any]]:
    answer: Answer
    try:
        if "authorization" in request.headers:
            # Our apps are public and systems prove a key in the body: a secret in a header is nobody's (SEC-09).
            raise InvalidClientError(description="Clients do not authenticate with an Authorization header here")
        asked = Asked("POST", path, await forms.form(request))
        answer = await run_sync(respond, asked)
    except forms.FormMalformed as broken:
        answer = server.handle_error_response(None, InvalidRequestError(f"The request is malformed: {broken}"))
    except OAuth2Error as error:
        answer = server.handle_error_response(None, error)
    headers = {**dict(answer.headers), "Cache-Control": "no-store", "Pragma": "no-cache"}
    headers.pop("Content-Type", None)
    return Response(answer.body, status_code=answer.status, headers=headers)
