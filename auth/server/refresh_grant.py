"""Refreshing: every use gives a new refresh token and ends the old one (RFC 9700, 4.14)."""

from typing import Any

from authlib.oauth2.rfc6749 import InvalidGrantError, TokenMixin
from authlib.oauth2.rfc6749.grants import RefreshTokenGrant

from auth.server.clients import App
from auth.sessions.families import Families, Grantee


class Presented(TokenMixin):
    """A refresh token somebody brings, as Authlib asks about it."""

    def __init__(self, token: dict[str, Any], session: dict[str, Any]) -> None:
        self.token, self.session = token, session

    def check_client(self, client: App) -> bool:
        return bool(self.token["client_id"] == client.client_id)

    def get_scope(self) -> str:
        return str(self.session["scope"])


class RefreshGrant(RefreshTokenGrant):
    """Authlib's grant over our families of tokens. `families` is set by `refresh_grant`."""

    TOKEN_ENDPOINT_AUTH_METHODS = ["none"]
    INCLUDE_NEW_REFRESH_TOKEN = True
    families: Families

    def authenticate_refresh_token(self, refresh_token: str) -> Presented | None:
        found = self.families.presented(refresh_token, self.request.client.client_id, self.request.jkt)
        return Presented(*found) if found else None

    def authenticate_user(self, refresh_token: Presented) -> Grantee:
        """Rotate, now that everything else about the request is in order."""
        grantee = self.families.rotate(refresh_token.token, refresh_token.session)
        if grantee is None:
            raise InvalidGrantError("This refresh token has been used before.")
        return grantee

    def revoke_old_credential(self, refresh_token: Presented) -> None:
        """Nothing: rotation has done it, before the new token was made."""


def refresh_grant(families: Families) -> type[RefreshGrant]:
    """The grant class Authlib makes an instance of for every request."""
    return type("BoundRefreshGrant", (RefreshGrant,), {"families": families})
