"""Signing out from the app's side (RFC 7009): either token ends the session, and with it the other."""

from collections.abc import Callable, Coroutine
from typing import Any

import anyio.from_thread
from authlib.oauth2.rfc6749 import TokenMixin
from authlib.oauth2.rfc7009 import RevocationEndpoint

from auth.server.clients import App
from auth.sessions.families import Families
from kernel.errors import Unauthenticated
from kernel.principal import Principal


class SessionToken(TokenMixin):
    """A token that belongs to a session."""

    def __init__(self, session_id: str, client_id: str) -> None:
        self.session_id, self._client_id = session_id, client_id

    def check_client(self, client: App) -> bool:
        return self._client_id == client.client_id


class Revocation(RevocationEndpoint):
    """RFC 7009, 2.2: an unknown token is answered like a revoked one, so nothing is learnt by trying."""

    CLIENT_AUTH_METHODS = ["none"]

    def __init__(self, families: Families, verify: Callable[[str], Coroutine[Any, Any, Principal]]) -> None:
        super().__init__()
        self._families, self._verify = families, verify

    def authenticate_token(self, request: Any, client: App) -> SessionToken | None:
        self.check_params(request, client)
        secret = request.form["token"]
        # The hint is only a hint: the two kinds cannot be taken for each other, so both are tried.
        token = self._refresh_token(secret, client) or self._access_token(secret)
        return token if token and token.check_client(client) else None

    def revoke_token(self, token: SessionToken, request: Any) -> None:  # noqa: ARG002 - Authlib's signature
        self._families.end(token.session_id, "revoked_by_app")

    def _refresh_token(self, secret: str, client: App) -> SessionToken | None:
        # RFC 7009 asks a public client for nothing but the token; a thief who ends the session gains nothing by it.
        found = self._families.family_of(secret, client.client_id)
        return SessionToken(found[0]["session_id"], found[0]["client_id"]) if found else None

    def _access_token(self, token: str) -> SessionToken | None:
        try:
            principal = anyio.from_thread.run(self._verify, token)
        except Unauthenticated:
            return None
        return SessionToken(principal.session_id, principal.client_id) if principal.session_id else None
