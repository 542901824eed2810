"""What a client reads before it calls anything: metadata and keys."""

from datetime import timedelta
from typing import Any

from litestar import Controller, get
from litestar.di import NamedDependency

from auth.config import AuthConfig
from auth.lifetimes import JWKS_MAX_AGE
from auth.schemes import NO_BEARER
from auth.server.app_links import apple_app_site_association, asset_links
from auth.server.metadata import server_metadata
from auth.tokens.signing_keys import SigningKeys
from kernel.http.access import everybody
from kernel.http.answer import kept_by_everybody
from kernel.http.conditional import digest
from kernel.http.given import TheFresh
from kernel.http.limits import UNLIMITED
from kernel.http.negotiation import ANY_QUERY


class Discovery(Controller):
    """The server about itself."""

    path = "/"
    tags = ("Sign-in",)
    guards = (everybody,)
    opt = {NO_BEARER: True, ANY_QUERY: True, **UNLIMITED, **kept_by_everybody(minutes=JWKS_MAX_AGE // timedelta(minutes=1))}

    @get(
        "/.well-known/oauth-authorization-server",
        operation_id="getServerMetadata",
        summary="The authorization server's metadata",
    )
    async def metadata(self, auth_config: NamedDependency[AuthConfig], fresh: TheFresh) -> dict[str, Any]:
        """RFC 8414: where everything is, and what the server takes."""
        fresh.at(metadata_version(auth_config))
        return server_metadata(auth_config)

    @get("/.well-known/openid-configuration", operation_id="getOpenIdMetadata", include_in_schema=False)
    async def openid_metadata(self, auth_config: NamedDependency[AuthConfig], fresh: TheFresh) -> dict[str, Any]:
        """The same for clients that only look where OpenID Connect puts it; we issue no ID tokens."""
        fresh.at(metadata_version(auth_config))
        return server_metadata(auth_config)

    @get("/.well-known/assetlinks.json", operation_id="getAssetLinks", summary="Which Android apps may open our addresses")
    async def android(self, auth_config: NamedDependency[AuthConfig], fresh: TheFresh) -> list[dict[str, Any]]:
        """Digital Asset Links, from the configuration of the apps."""
        links = asset_links(auth_config)
        fresh.at(digest(links))
        return links

    @get(
        "/.well-known/apple-app-site-association",
        operation_id="getAppleAppSiteAssociation",
        summary="Which iOS apps may open our addresses",
    )
    async def apple(self, auth_config: NamedDependency[AuthConfig], fresh: TheFresh) -> dict[str, Any]:
        """Universal Links, from the configuration of the apps."""
        links = apple_app_site_association(auth_config)
        fresh.at(digest(links))
        return links

    @get("/oauth/jwks", operation_id="getSigningKeys", summary="The keys access tokens are signed with")
    async def jwks(self, signing_keys: NamedDependency[SigningKeys], fresh: TheFresh) -> dict[str, list[dict[str, str]]]:
        """RFC 7517: the next key, the active one, and those whose tokens may still be about."""
        keys = signing_keys.public_jwks()
        fresh.at(digest(*(key["kid"] for key in keys)))
        return {"keys": keys}


def metadata_version(config: AuthConfig) -> str:
    """Beside the release, only the address makes a difference."""
    return digest(config.issuer)
