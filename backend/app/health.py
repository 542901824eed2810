"""Is the process alive, and can it do its work? Two questions for two readers (liveness, readiness)."""

from litestar import Controller, get
from pymongo.errors import PyMongoError

from auth.schemes import NO_BEARER
from kernel.errors import Unavailable
from kernel.http.access import everybody
from kernel.http.app_version import ALWAYS_SERVED
from kernel.http.conditional import UNTAGGED
from kernel.http.given import TheDatabase
from kernel.http.limits import UNLIMITED
from kernel.http.negotiation import ANY_QUERY
from kernel.http.schemas import View


class HealthView(View, frozen=True, kw_only=True):
    """What the process says of itself."""

    status: str


class Health(Controller):
    """What an orchestrator asks."""

    path = "/health"
    tags = ["Operations"]
    guards = [everybody]
    opt = {UNTAGGED: "a pulse is taken, not kept", NO_BEARER: True, ALWAYS_SERVED: True, ANY_QUERY: True, **UNLIMITED}

    @get("/live", operation_id="getLiveness", summary="Is the process alive")
    async def live(self) -> HealthView:
        """Answers as long as the process runs. Says nothing of the database: a restart would not help there."""
        return HealthView(status="alive")

    @get("/ready", operation_id="getReadiness", summary="Can it serve")
    async def ready(self, db: TheDatabase) -> HealthView:
        """Answers when the database does; otherwise 503, so that a load balancer waits."""
        try:
            await db.command("ping", maxTimeMS=1_000)
        except PyMongoError as unreachable:
            raise Unavailable from unreachable
        return HealthView(status="ready")
