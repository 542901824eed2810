"""What a token is worth at this moment, for internal services that do not check it themselves (RFC 7662)."""

from collections.abc import Callable, Coroutine
from typing import Any

import anyio.from_thread
from authlib.oauth2.rfc7662 import IntrospectionEndpoint

from auth.server.clients import System
from kernel.errors import Unauthenticated

# Which systems may ask: what they learn is whose token it is.
SCOPE = "tokens:introspect"

Claims = dict[str, Any]


class Introspection(IntrospectionEndpoint):
    """Authlib's endpoint over our check of tokens. Refresh tokens are nobody's business but their app's."""

    CLIENT_AUTH_METHODS = ["private_key_jwt"]

    def __init__(self, claims_of: Callable[[str], Coroutine[Any, Any, Claims]]) -> None:
        super().__init__()
        self._claims_of = claims_of

    def authenticate_token(self, request: Any, client: System) -> Claims | None:
        self.check_params(request, client)
        # RFC 7662, 2.2: who may not know is answered like who asks about nothing.
        if SCOPE not in client.config.scopes:
            return None
        try:
            claims: Claims = anyio.from_thread.run(self._claims_of, request.form["token"])
        except Unauthenticated:
            return None
        return claims

    def create_introspection_payload(self, token: Claims | None) -> Claims:
        if token is None:
            return {"active": False}
        return {"active": True, "token_type": "DPoP" if "cnf" in token else "Bearer", **token}
