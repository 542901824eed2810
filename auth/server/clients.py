"""The registered clients, as Authlib asks about them."""

from typing import Any

from authlib.oauth2.rfc6749 import ClientMixin
from joserfc.jwk import KeySet

from auth.config import AppClient, AuthConfig, SystemClient
from auth.server.public_keys import key_set

# RFC 8693, 2.1.
EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"


class App(ClientMixin):
    """One of our apps: public; code flow, refresh, and a citizen's permission taken up; nothing else (SEC-05, SEC-09)."""

    def __init__(self, config: AppClient) -> None:
        self.config = config
        self.client_id = config.client_id

    def get_client_id(self) -> str:
        return self.client_id

    def get_default_redirect_uri(self) -> str | None:
        # An authorization request names its address (OAuth 2.1, 4.1.1): a default would be one more thing to mix up.
        return None

    def get_allowed_scope(self, scope: str | None) -> str | None:
        return _allowed(scope, self.config.scopes)

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return self.config.allows_redirect_to(redirect_uri)

    def check_client_secret(self, _: str) -> bool:
        return False

    def check_endpoint_auth_method(self, method: str, _: str) -> bool:
        return method == "none"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type in ("authorization_code", "refresh_token", EXCHANGE)


class System(ClientMixin):
    """A source system: proves a private key, acts for itself."""

    def __init__(self, config: SystemClient) -> None:
        self.config = config
        self.client_id = config.client_id
        self.keys: KeySet = key_set(config)

    def get_client_id(self) -> str:
        return self.client_id

    def get_default_redirect_uri(self) -> str | None:
        return None

    def get_allowed_scope(self, scope: str | None) -> str | None:
        return _allowed(scope, self.config.scopes)

    def check_redirect_uri(self, _: str) -> bool:
        return False

    def check_client_secret(self, _: str) -> bool:
        return False

    def check_endpoint_auth_method(self, method: str, _: str) -> bool:
        return method == "private_key_jwt"

    def check_response_type(self, _: str) -> bool:
        return False

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "client_credentials"


def registry(config: AuthConfig) -> dict[str, Any]:
    """All clients by their id."""
    apps = {client.client_id: App(client) for client in config.app_clients}
    return {**apps, **{client.client_id: System(client) for client in config.system_clients}}


def _allowed(scope: str | None, own: tuple[str, ...]) -> str | None:
    """What was asked for, when all of it is allowed; everything when nothing was asked for; None (invalid_scope) otherwise."""
    asked = (scope or "").split()
    if not asked:
        return " ".join(own)
    return " ".join(dict.fromkeys(asked)) if set(asked) <= set(own) else None
