"""What bootstrap brings to the app: its route, its one document, and the watch over it."""

from collections.abc import Sequence
from dataclasses import dataclass

from litestar.di import Provide

from backend.bootstrap.api.public import AppStart
from backend.bootstrap.documents import AppState
from backend.bootstrap.queries import Bootstrap, Catalogue, Provider
from kernel.clock import Clock
from kernel.slice import Slice


@dataclass(frozen=True)
class Starting:
    """Bootstrap in one process."""

    bootstrap: Bootstrap
    slice: Slice


def build_bootstrap(clock: Clock, *, providers: Sequence[Provider], catalogues: Sequence[Catalogue]) -> Starting:
    """For these accounts and catalogues; `Bootstrap.start` begins the watch."""
    bootstrap = Bootstrap(clock, providers=providers, catalogues=catalogues)
    given = {"bootstrap": Provide(lambda: bootstrap, use_cache=True, sync_to_thread=False)}
    return Starting(bootstrap, Slice(name="bootstrap", routes=[AppStart], documents=[AppState], dependencies=given))
