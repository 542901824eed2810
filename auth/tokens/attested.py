"""Routes that only our own apps may call, where somebody vouches for apps: a route says so with `opt=ATTESTED` (SEC-66)."""

from typing import Any

from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from auth.attestation import HEADER, Attestation
from auth.audit import AuthAudit
from auth.errors import AppNotAttested

OPT = "attested"
ATTESTED: dict[str, Any] = {OPT: True}


class AttestedRoutes(ASGIMiddleware):
    """Asks who vouches for the app; behind the middleware that knows whose app it is."""

    scopes = (ScopeType.HTTP,)

    def __init__(self, attestation: Attestation, audit: AuthAudit) -> None:
        self._attestation, self._audit = attestation, audit

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Let pass whom somebody vouches for, and everybody where that is only observed.

        Raises:
            AppNotAttested.
        """
        caller = scope.get("user")
        if caller is not None and OPT in scope["route_handler"].opt:
            token = next((value.decode("latin-1") for name, value in scope["headers"] if name == HEADER.encode()), None)
            if why := await self._attestation.doubt(caller.client_id, token):
                await self._audit.attestation_failed(caller.client_id, why)
                if self._attestation.refuses:
                    raise AppNotAttested
        await next_app(scope, receive, send)
