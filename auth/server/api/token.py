"""What apps and systems call without a browser: token, revoke, introspect, and requests pushed beforehand.

Errors come in OAuth's own form (RFC 6749, 5.2).
"""

from contextlib import suppress
from functools import partial
from typing import Any

from anyio.to_thread import run_sync
from authlib.oauth2.rfc6749 import InvalidClientError, InvalidRequestError, OAuth2Error
from litestar import Controller, Request, Response, post
from litestar.di import NamedDependency

from auth import forms
from auth.schemes import NO_BEARER
from auth.server.api import contract
from auth.server.authorization_server import Answer, Asked, AuthorizationServer
from auth.server.proven import ProvenEndpoint
from auth.server.pushed import PushedRequests
from auth.server.sign_in import SignIns
from auth.sessions.families import Families
from kernel.http.access import everybody
from kernel.http.app_version import ALWAYS_SERVED
from kernel.http.given import TheLimits
from kernel.http.limiter import Limits
from kernel.http.limits import limited
from kernel.http.negotiation import ANY_QUERY
from kernel.text import clean

TOKEN_PATH = "/oauth/token"  # noqa: S105 - an address, not a password
REVOKE_PATH = "/oauth/revoke"
INTROSPECT_PATH = "/oauth/introspect"
PAR_PATH = "/oauth/par"
MAX_DEVICE = 120


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
        proven_endpoint: NamedDependency[ProvenEndpoint],
        families: NamedDependency[Families],
        limits: TheLimits,
    ) -> Response[dict[str, Any]]:
        """The token endpoint: `authorization_code` and `refresh_token` for apps, `client_credentials` for systems (RFC 6749).

        With a `DPoP` header (RFC 9449) the tokens are bound to its key: `token_type` is then `DPoP`.
        """
        await _count_refreshes(request, families, limits)
        respond = authorization_server.create_token_response
        return await _answered(request, TOKEN_PATH, authorization_server, respond, proven_endpoint)

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

    @post(
        INTROSPECT_PATH,
        status_code=200,
        operation_id="introspectToken",
        operation_class=contract.IntrospectOperation,
        summary="Ask what an access token is worth",
        opt=limited("introspect"),
    )
    async def introspect(
        self, request: Request[Any, Any, Any], authorization_server: NamedDependency[AuthorizationServer]
    ) -> Response[dict[str, Any]]:
        """The introspection endpoint (RFC 7662), for system clients with the scope `tokens:introspect`, who prove their key."""
        respond = partial(authorization_server.create_endpoint_response, "introspection")
        return await _answered(request, INTROSPECT_PATH, authorization_server, respond)

    @post(
        PAR_PATH,
        status_code=201,
        operation_id="pushAuthorization",
        operation_class=contract.PushOperation,
        summary="Say beforehand what a sign-in is to be",
        opt=limited("par"),
    )
    async def push(
        self,
        request: Request[Any, Any, Any],
        authorization_server: NamedDependency[AuthorizationServer],
        proven_endpoint: NamedDependency[ProvenEndpoint],
        pushed_requests: NamedDependency[PushedRequests],
        sign_ins: NamedDependency[SignIns],
    ) -> Response[dict[str, Any]]:
        """The pushed authorization request endpoint (RFC 9126): what authorize takes, for a `request_uri` to go there with.

        With a `DPoP` header the code will be good only with that key.
        """
        try:
            said = await forms.form(request)
            await proven_endpoint.attest(request, said.get("client_id", ""))
            jkt = await proven_endpoint.key(request, PAR_PATH, "")
            said = pushed_requests.checked(said, jkt)
            await run_sync(sign_ins.check, said)
        except forms.FormMalformed as broken:
            return _said(
                authorization_server.handle_error_response(None, InvalidRequestError(f"The request is malformed: {broken}"))
            )
        except OAuth2Error as error:
            # In the body, and to nobody's address: the app asked us itself.
            error.redirect_uri = None
            return _said(authorization_server.handle_error_response(None, error), proven_endpoint)
        name, lifetime = await pushed_requests.keep(said)
        body = {"request_uri": name, "expires_in": int(lifetime.total_seconds())}
        return _said(Answer(201, body, []), proven_endpoint)


async def _count_refreshes(request: Request[Any, Any, Any], families: Families, limits: Limits) -> None:
    """By family: an app gone wild is slowed down wherever it calls from, and stops nobody else's (SEC-63)."""
    with suppress(forms.FormMalformed):
        fields = await forms.form(request)
        if secret := fields.get("refresh_token"):
            found = await run_sync(families.presented, secret, fields.get("client_id", ""))
            if found is not None:
                await limits.take("refresh", found[1]["_id"])


async def _answered(
    request: Request[Any, Any, Any], path: str, server: AuthorizationServer, respond: Any, endpoint: ProvenEndpoint | None = None
) -> Response[dict[str, Any]]:
    answer: Answer
    try:
        if "authorization" in request.headers:
            # Our apps are public and systems prove a key in the body: a secret in a header is nobody's (SEC-09).
            raise InvalidClientError(description="Clients do not authenticate with an Authorization header here")
        said = await forms.form(request)
        jkt = None
        if endpoint:
            await endpoint.attest(request, said.get("client_id", ""))
            jkt = await endpoint.key(request, path, said.get("client_id", ""))
        answer = await run_sync(respond, Asked("POST", path, said, jkt, _device(request)))
    except forms.FormMalformed as broken:
        answer = server.handle_error_response(None, InvalidRequestError(f"The request is malformed: {broken}"))
    except OAuth2Error as error:
        answer = server.handle_error_response(None, error)
    return _said(answer, endpoint)


def _device(request: Request[Any, Any, Any]) -> str:
    return clean(request.headers.get("user-agent", ""))[:MAX_DEVICE]


def _said(answer: Answer, endpoint: ProvenEndpoint | None = None) -> Response[dict[str, Any]]:
    headers = {**dict(answer.headers), "Cache-Control": "no-store", "Pragma": "no-cache"}
    headers.pop("Content-Type", None)
    if endpoint and endpoint.nonces:
        headers["DPoP-Nonce"] = endpoint.nonces.current()
    return Response(answer.body, status_code=answer.status, headers=headers)
