"""A provider on the wire: one Litestar app on a port of its own."""

import asyncio
from collections.abc import Iterable
from typing import Any

from litestar import Litestar, Request, Response
from litestar.di import Provide

from backend.dev.providers import client_routes, control_routes, person_routes
from backend.dev.providers.client import Client
from backend.dev.providers.errors import OAuthError, Refused, Untrusted
from backend.dev.providers.pages import page
from backend.dev.providers.person import Person
from backend.dev.providers.profile import Profile
from backend.dev.providers.provider import Provider
from kernel.clock import Clock, SystemClock
from kernel.http.problems import EXCEPTION_HANDLERS

ROUTES = [
    person_routes.show_sign_in,
    person_routes.sign_in,
    person_routes.end_session,
    person_routes.style,
    client_routes.discovery,
    client_routes.jwks,
    client_routes.token,
    client_routes.userinfo,
    control_routes.arm_fault,
    control_routes.clear_faults,
    control_routes.rotate_keys,
    control_routes.sign_out,
]


def create_provider(
    profile: Profile, issuer_url: str, people: Iterable[Person], clients: Iterable[Client], *, clock: Clock | None = None
) -> Litestar:
    """A provider for these people and clients. `issuer_url` is the address it will be served at, without a slash at its end."""
    provider = Provider(profile, issuer_url, people, clients, clock or SystemClock())

    async def misbehave(request: Request[Any, Any, Any]) -> Response[str] | None:
        """Apply what is armed for this endpoint before its handler sees the request."""
        endpoint = request.route_handler.opt.get("endpoint")
        if endpoint is None:
            return None
        fault = request.state.fault = provider.faults.take(endpoint)
        await asyncio.sleep(fault.delay_ms / 1000)
        return Response("", status_code=fault.status) if fault.status else None

    def refused(_: Request[Any, Any, Any], refusal: Refused) -> Response[None]:
        return person_routes.tell_client(refusal, provider.issuer)

    def untrusted(_: Request[Any, Any, Any], error: Untrusted) -> Response[str]:
        return page("message.html", status=400, profile=profile, heading="Không thể đăng nhập", text=str(error))

    return Litestar(
        ROUTES,
        dependencies={"provider": Provide(lambda: provider, sync_to_thread=False)},
        before_request=misbehave,
        exception_handlers={**EXCEPTION_HANDLERS, OAuthError: client_routes.oauth_error, Refused: refused, Untrusted: untrusted},
        openapi_config=None,
        logging_config=None,
    )
