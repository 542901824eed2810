"""What providers call: the back channel on which they say that somebody has signed out there."""

from typing import Any

from anyio.to_thread import run_sync
from litestar import Controller, Request, Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from auth.errors import LogoutTokenInvalid
from auth.forms import MAX_FORM_BYTES, FormMalformed, form
from auth.providers.parties import Parties
from auth.schemes import NO_BEARER
from auth.sessions.families import Families
from kernel.http.access import everybody


class BackChannel(Controller):
    """Signing out at the provider signs out here."""

    path = "/auth/backchannel-logout"
    tags = ("Sign-in",)
    guards = (everybody,)
    opt = {NO_BEARER: True}
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
