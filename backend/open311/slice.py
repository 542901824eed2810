"""What Open311 brings to the app: one controller, and nothing stored."""

from litestar.di import Provide

from backend.open311.api.georeport import GeoReport
from backend.open311.site import Site
from kernel.slice import Slice


def build_slice(site: Site) -> Slice:
    """For this installation."""
    return Slice(
        name="open311",
        routes=[GeoReport],
        dependencies={"open311": Provide(lambda: site, use_cache=True, sync_to_thread=False)},
    )
