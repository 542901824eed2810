"""What a client reads before it calls anything: metadata and keys."""

from typing import Any

from litestar import Controller, Response, get
from litestar.di import NamedDependency

from auth.config import AuthConfig
from auth.lifetimes import JWKS_MAX_AGE
from auth.schemes import NO_BEARER
from auth.server.app_links import apple_app_site_association, asset_links
from auth.server.metadata import server_metadata
from auth.tokens.signing_keys import SigningKeys
from kernel.http.access import everybody

_CACHED = {"cache-control": f"public, max-age={int(JWKS_MAX_AGE.total_seconds())}"}


class Discovery(Controller):
    """The server about itself."""

    path = "/"
    tags = ("Sign-in",)
    guards = (everybody,)
    opt = {NO_BEARER: True}

    @get(
        "/.well-known/oauth-authorization-server",
        operation_id="getServerMetadata",
        summary="The authorization server's metadata",
    )
    async def metadata(self, auth_config: NamedDependency[AuthConfig]) -> Response[dict[str, Any]]:
        """RFC 8414: where everything is, and what the server takes."""
        return Response(server_metadata(auth_config), headers=_CACHED)

    @get("/.well-known/openid-configuration", operation_id="getOpenIdMetadata", include_in_schema=False)
    async def openid_metadata(self, auth_config: NamedDependency[AuthConfig]) -> Response[dict[str, Any]]:
        """The same for clients that only look where OpenID Connect puts it; we issue no ID tokens."""
        return Response(server_metadata(auth_config), headers=_CACHED)

    @get("/.well-known/assetlinks.json", operation_id="getAssetLinks", summary="Which Android apps may open our addresses")
    async def android(self, auth_config: NamedDependency[AuthConfig]) -> Response[list[dict[str, Any]]]:
        """Digital Asset Links, from the configuration of the apps."""
        return Response(asset_links(auth_config), headers=_CACHED)

    @get(
        "/.well-known/apple-app-site-association",
        operation_id="getAppleAppSiteAssociation",
        summary="Which iOS apps may open our addresses",
    )
    async def apple(self, auth_config: NamedDependency[AuthConfig]) -> Response[dict[str, Any]]:
        """Universal Links, from the configuration of the apps."""
        return Response(apple_app_site_association(auth_config), headers=_CACHED)

    @get("/oauth/jwks", operation_id="getSigningKeys", summary="The keys access tokens are signed with")
    async def jwks(self, signing_keys: NamedDependency[SigningKeys]) -> Response[dict[str, list[dict[str, str]]]]:
        """RFC 7517: the next key, the active one, and those whose tokens may still be about."""
        return Response({"keys": signing_keys.public_jwks()}, headers=_CACHED)
