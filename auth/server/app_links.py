"""Which apps may open our addresses: what Android and iOS look for before they hand an app its redirect (RFC 8252, 7.2; SEC-03).

Without these two documents any app could claim the redirect address; with them the system gives it to ours alone.
"""

from typing import Any
from urllib.parse import urlsplit

from auth.config import AppClient, AuthConfig


def asset_links(config: AuthConfig) -> list[dict[str, Any]]:
    """`/.well-known/assetlinks.json` (Digital Asset Links): one statement for each Android app."""
    return [
        {
            "relation": ["delegate_permission/common.handle_all_urls"],
            "target": {
                "namespace": "android_app",
                "package_name": app.package,
                "sha256_cert_fingerprints": list(app.fingerprints),
            },
        }
        for client in config.app_clients
        for app in client.android
    ]


def apple_app_site_association(config: AuthConfig) -> dict[str, Any]:
    """`/.well-known/apple-app-site-association`: for each app the paths of its redirect addresses, and nothing else."""
    details = [
        {"appIDs": list(client.apple_app_ids), "components": [{"/": path} for path in _paths(client)]}
        for client in config.app_clients
        if client.apple_app_ids
    ]
    app_ids = [app_id for client in config.app_clients for app_id in client.apple_app_ids]
    return {"applinks": {"details": details}, "webcredentials": {"apps": app_ids}}


def _paths(client: AppClient) -> list[str]:
    claimed = (urlsplit(uri) for uri in client.redirect_uris if uri.startswith("https://"))
    return sorted({address.path or "/" for address in claimed})
