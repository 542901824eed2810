"""What crosses the wire when an app starts."""

from datetime import datetime

from msgspec import UNSET, UnsetType

from kernel.http.schemas import View


class PerPlatform(View, frozen=True, kw_only=True):
    """One text for each platform; absent where nothing has been set."""

    ios: str | UnsetType = UNSET
    android: str | UnsetType = UNSET


class MaintenanceView(View, frozen=True, kw_only=True):
    """Nobody is served until then; `message` is for the reader, in their language."""

    until: datetime
    message: str


class FeatureView(View, frozen=True, kw_only=True):
    """A switch. An app that does not know the name passes over it; a name that is missing is off."""

    name: str
    enabled: bool


class SignInProvider(View, frozen=True, kw_only=True):
    """An account people sign in with: `id` is the `provider` of /oauth/authorize, `kind` whom it is for."""

    id: str
    name: str
    kind: str


class Hotline(View, frozen=True, kw_only=True):
    """Whom to telephone; `number` as one dials it."""

    name: str
    number: str


class CatalogueVersion(View, frozen=True, kw_only=True):
    """A list an app may keep: fetch it anew from `href` when `version` is another than the one kept."""

    name: str
    href: str
    version: str


class AppBootstrap(View, frozen=True, kw_only=True):
    """Everything an app has to know before it does anything else. A `minSupportedVersion` is the oldest that is served."""

    min_supported_version: PerPlatform
    latest_version: PerPlatform
    store_url: PerPlatform
    features: list[FeatureView]
    sign_in_providers: list[SignInProvider]
    hotlines: list[Hotline]
    catalogues: list[CatalogueVersion]
    maintenance: MaintenanceView | UnsetType = UNSET
