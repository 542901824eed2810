"""What the server tells a client about itself (RFC 8414), so that an app needs one address and no documentation."""

from typing import Any

from auth.config import AuthConfig
from auth.server.clients import EXCHANGE
from auth.server.freshness import LEVELS
from auth.server.public_keys import ALGORITHMS
from auth.tokens.dpop import ALGORITHMS as DPOP_ALGORITHMS


def server_metadata(config: AuthConfig) -> dict[str, Any]:
    """The metadata document; its names are the RFC's."""
    issuer = config.issuer
    scopes = {scope for app in config.app_clients for scope in app.scopes}
    scopes |= {scope for system in config.system_clients for scope in system.scopes}
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/oauth/authorize",
        "token_endpoint": f"{issuer}/oauth/token",
        "revocation_endpoint": f"{issuer}/oauth/revoke",
        "pushed_authorization_request_endpoint": f"{issuer}/oauth/par",
        "require_pushed_authorization_requests": all(app.pushed_only for app in config.app_clients),
        "introspection_endpoint": f"{issuer}/oauth/introspect",
        "introspection_endpoint_auth_methods_supported": ["private_key_jwt"],
        "introspection_endpoint_auth_signing_alg_values_supported": ALGORITHMS,
        "jwks_uri": f"{issuer}/oauth/jwks",
        "scopes_supported": sorted(scopes),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials", EXCHANGE],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["none", "private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ALGORITHMS,
        "revocation_endpoint_auth_methods_supported": ["none"],
        "dpop_signing_alg_values_supported": list(DPOP_ALGORITHMS),
        "authorization_response_iss_parameter_supported": True,
        "acr_values_supported": list(LEVELS),
        "prompt_values_supported": ["login"],
        "service_documentation": f"{issuer}/docs",
        "ui_locales_supported": ["vi", "en"],
    }
