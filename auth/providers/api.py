"""What providers call: the back channel on which they say that somebody has signed out, or that an account is in danger."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from anyio.to_thread import run_sync
from litestar import Controller, Request, Response, post
from litestar.di import NamedDependency
from litestar.openapi.spec import OpenAPIMediaType, OpenAPIResponse, OpenAPIType, Operation, RequestBody, Schema
from litestar.params import FromPath

from auth.errors import LogoutTokenInvalid, SecurityEventInvalid
from auth.forms import MAX_FORM_BYTES, FormMalformed, form
from auth.providers.parties import Parties
from auth.schemes import NO_BEARER
from auth.sessions.families import Families
from kernel.errors import Problem
from kernel.http.access import everybody
from kernel.http.limits import limited
from kernel.http.negotiation import ANY_QUERY
from kernel.http.problems import status_of

SECURITY_EVENT = "application/secevent+jwt"


class BackChannel(Controller):
    """Signing out at the provider signs out here."""

    path = "/auth/backchannel-logout"
    tags = ("Sign-in",)
    guards = (everybody,)
    opt = {NO_BEARER: True, ANY_QUERY: True, **limited("backchannel")}
    request_max_body_size = MAX_FORM_BYTES

    @post("/{provider:str}", status_code=200, operation_id="receiveLogout", summary="A provider says somebody has signed out")
    async def receive(
        self,
        request: Request[Any, Any, Any],
        provider: FromPath[str],
        parties: NamedDependency[Parties],
        families: NamedDependency[Families],
    ) -> Response[None]:
        """For account providers only (OpenID Connect Back-Channel Logout 1.0): ends the sessions that began with that sign-in."""
        try:
            token = (await form(request)).get("logout_token", "")
        except FormMalformed as broken:
            raise LogoutTokenInvalid from broken
        logout = await parties.logout(provider, token)
        await run_sync(families.end_of_account, logout.issuer, logout.subject, logout.upstream_sid)
        # Section 2.8: the answer must not be cached.
        return Response(None, headers={"cache-control": "no-store"})


def _refused(_: Request[Any, Any, Any], problem: Problem) -> Response[dict[str, str]]:
    """RFC 8935, 2.3: a refusal in the sender's words."""
    body = {"err": "invalid_request", "description": problem.default_detail()}
    return Response(body, status_code=status_of(problem), headers={"cache-control": "no-store"})


@dataclass
class SecurityEventOperation(Operation):
    """The body is the token itself."""

    def __post_init__(self) -> None:
        schema = Schema(type=OpenAPIType.STRING, description="A security event token (RFC 8417), signed by the provider.")
        example = "eyJ0eXAiOiJzZWNldmVudCtqd3QifQ.e30.c2ln"
        self.request_body = RequestBody({SECURITY_EVENT: OpenAPIMediaType(schema, example=example)}, required=True)
        refusal = Schema(
            type=OpenAPIType.OBJECT,
            title="SecurityEventError",
            properties={name: Schema(type=OpenAPIType.STRING) for name in ("err", "description")},
            required=["err", "description"],
        )
        why = {"err": "invalid_request", "description": SecurityEventInvalid.default_detail()}
        content = {"application/json": OpenAPIMediaType(refusal, example=why)}
        self.responses = {
            "202": OpenAPIResponse("It has been taken in."),
            "400": OpenAPIResponse("The token is not taken (RFC 8935, 2.3).", content=content),
        }


class SharedSignals(Controller):
    """What a provider tells of an account between sign-ins."""

    path = "/auth/shared-signals"
    tags = ("Sign-in",)
    guards = (everybody,)
    opt = {NO_BEARER: True, ANY_QUERY: True, **limited("backchannel")}
    request_max_body_size = MAX_FORM_BYTES
    exception_handlers = {SecurityEventInvalid: _refused}

    @post(
        "/{provider:str}",
        status_code=202,
        operation_id="receiveSecurityEvent",
        operation_class=SecurityEventOperation,
        summary="A provider tells of a security event",
    )
    async def receive(
        self,
        request: Request[Any, Any, Any],
        provider: FromPath[str],
        parties: NamedDependency[Parties],
        families: NamedDependency[Families],
    ) -> Response[None]:
        """For account providers only (RFC 8935): a security event token as the body. Ends the sessions it speaks of.

        Answers 202 for an account nobody here has and for an event that asks for nothing.
        """
        # RFC 8935, 2.1: "Content-Type" must be "application/secevent+jwt".
        if request.content_type[0] != SECURITY_EVENT:
            raise SecurityEventInvalid
        # Not `body()`, which takes JSON and forms only (kernel.http.bodies).
        token = b"".join([chunk async for chunk in request.stream()]).decode("ascii", errors="replace").strip()
        for ending in await parties.security_event(provider, token):
            end = partial(families.end_of_account, ending.issuer, ending.subject, ending.upstream_sid, until=ending.at)
            await run_sync(end)
        return Response(None, headers={"cache-control": "no-store"})
