"""What an app asks first, signed in or not, served or not."""

from litestar import Controller, get
from litestar.di import NamedDependency
from msgspec import UNSET

from backend.bootstrap import schemas
from backend.bootstrap.documents import Maintenance, Platform
from backend.bootstrap.hotlines import HOTLINES
from backend.bootstrap.queries import Bootstrap
from kernel.http.access import everybody
from kernel.http.app_version import ALWAYS_SERVED
from kernel.http.given import Language, TheFresh
from kernel.http.language import SPEAKS_KHMER


class AppStart(Controller):
    """An app starts."""

    path = "/v1/app/bootstrap"
    tags = ["App"]
    guards = [everybody]
    opt = {ALWAYS_SERVED: True, **SPEAKS_KHMER}

    @get("/", operation_id="getAppBootstrap", summary="What an app has to know first")
    async def bootstrap(self, language: Language, fresh: TheFresh, bootstrap: NamedDependency[Bootstrap]) -> schemas.AppBootstrap:
        """Versions that are served, maintenance, switches, accounts to sign in with, hotlines, versions of the catalogues.

        Answers every app, however old, and during maintenance too. Ask at every start, with the `ETag` of last time.
        """
        state, closed = bootstrap.state, bootstrap.closed()
        fresh.depends_on(closed, bootstrap.providers, sorted(bootstrap.versions.items()))
        fresh.at(state.version)
        return schemas.AppBootstrap(
            min_supported_version=_each(state.ios, state.android, "minimum"),
            latest_version=_each(state.ios, state.android, "latest"),
            store_url=_each(state.ios, state.android, "store_url"),
            features=[schemas.FeatureView(name=name, enabled=on) for name, on in sorted(state.features.items())],
            sign_in_providers=[schemas.SignInProvider(id=p.id, name=p.name, kind=p.kind) for p in bootstrap.providers],
            hotlines=[schemas.Hotline(name=line.name(language), number=line.number) for line in HOTLINES],
            catalogues=[
                schemas.CatalogueVersion(name=catalogue.name, href=catalogue.href, version=version)
                for catalogue, version in bootstrap.catalogues()
            ],
            maintenance=_maintenance(state.maintenance, language) if state.maintenance and closed else UNSET,
        )


def _each(ios: Platform, android: Platform, field: str) -> schemas.PerPlatform:
    return schemas.PerPlatform(ios=getattr(ios, field) or UNSET, android=getattr(android, field) or UNSET)


def _maintenance(told: Maintenance, language: str) -> schemas.MaintenanceView:
    words = {"en": told.en, "km": told.km}.get(language) or told.vi
    return schemas.MaintenanceView(until=told.until, message=words)
