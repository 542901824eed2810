"""Puts the caller where guards look: `scope["user"]` is a Principal, or None for somebody who says nothing about themselves."""

from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from auth.errors import TokenInvalid
from auth.tokens.verification import AccessTokens

# OAuth endpoints have their own ideas of what an Authorization header means.
NO_BEARER = "no_bearer_token"


class AuthMiddleware(ASGIMiddleware):
    """Verifies the bearer token of every request that brings one (RFC 6750).

    A token that is there and bad is an error even on a public route: an app that believes it is signed in must learn that it
    is not.
    Only the header counts; a token in a query or a body is not looked for (SEC-26).
    """

    scopes = (ScopeType.HTTP,)
    exclude_opt_key = NO_BEARER

    def __init__(self, tokens: AccessTokens) -> None:
        self._tokens = tokens

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        given = [value for name, value in scope["headers"] if name == b"authorization"]
        scope["user"] = None
        if given:
            scheme, _, token = given[0].decode("latin-1").partition(" ")
            if len(given) > 1 or scheme.lower() != "bearer" or not token:
                raise TokenInvalid
            scope["user"] = await self._tokens.verify(token)
        await next_app(scope, receive, send)
