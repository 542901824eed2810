"""The edge for a part of the house that a test serves by itself."""

from litestar import Litestar
from litestar.di import Provide

from backend.app.factory import around_the_app, fresh
from backend.settings import Settings
from kernel.clock import Clock
from kernel.http.limiter import Limits
from kernel.http.windows import Windows
from kernel.mongo.client import Database
from tests.support.parts import WIDE


def edged(app: Litestar) -> Litestar:
    """The app behind the edge every request passes."""
    app.asgi_handler = around_the_app(app.asgi_handler, Settings())
    return app


def given_at_the_edge(db: Database, clock: Clock) -> dict[str, Provide]:
    """What the edge gives to handlers."""
    limits = Limits(Windows(db, clock), WIDE)
    return {"fresh": Provide(fresh), "limits": Provide(lambda: limits, sync_to_thread=False)}
