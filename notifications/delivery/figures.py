"""What an operator's monitoring asks of a worker: Prometheus figures on a port of their own, never with a person in them (I27)."""

import asyncio
from contextlib import suppress

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, start_http_server
from pymongo.errors import PyMongoError

from notifications.delivery.aftermath import Aftermath
from notifications.delivery.permits import Permits
from notifications.documents import Delivery
from notifications.lanes import FALLBACK, LANES

log = structlog.get_logger(__name__)

EVERY_S = 5.0
_STATES = {"closed": 0, "half_open": 1, "open": 2}


class Figures:
    """The figures of one sender."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.outcomes = Counter("motcua_push_outcomes", "Attempts by what came of them", ["outcome"], registry=self.registry)
        self._oldest = Gauge("motcua_push_oldest_due_seconds", "Age of the oldest due delivery", ["lane"], registry=self.registry)
        self._rate = Gauge("motcua_push_permits_per_second", "Present rate of all workers together", registry=self.registry)
        self._silent = Gauge("motcua_push_silent", "1 while Firebase has asked for silence", registry=self.registry)
        self._breakers = Gauge("motcua_push_breaker", "0 closed, 1 looking, 2 open", ["breaker"], registry=self.registry)

    def serve(self, host: str, port: int) -> int:
        """Answer on this port, in a thread; 0 takes a free one. Answers the port."""
        server, _ = start_http_server(port, addr=host, registry=self.registry)
        return int(server.server_port)

    async def keep_looking(self, permits: Permits, aftermath: Aftermath, stop: asyncio.Event) -> None:
        """Look at the queue every few seconds until `stop`."""
        while not stop.is_set():
            try:
                await self.look(permits, aftermath, now_s=asyncio.get_running_loop().time())
            except PyMongoError as error:
                log.warning("figures.database_unreachable", error=type(error).__name__)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), EVERY_S)

    async def look(self, permits: Permits, aftermath: Aftermath, *, now_s: float) -> None:
        """Once. The age is by the database's clock; `now_s` is the monotonic clock's."""
        for lane in (*LANES, FALLBACK):
            self._oldest.labels(lane).set(await _age_s(lane))
        self._rate.set(permits.rate_per_s)
        self._silent.set(permits.silent)
        for name, breaker in {"project": aftermath.project, **aftermath.platforms}.items():
            self._breakers.labels(name).set(_STATES[breaker.state(now_s)])


async def _age_s(lane: str) -> float:
    """Seconds since the oldest due delivery of a lane was planned or put back; 0 when nothing is due."""
    waited = {"$subtract": ["$$NOW", {"$max": ["$due", "$planned"]}]}
    found = await Delivery.get_pymongo_collection().aggregate(
        [
            {"$match": {"lane": lane, "state": "pending", "$expr": {"$lte": ["$due", "$$NOW"]}}},
            {"$sort": {"due": 1}},
            {"$limit": 1},
            {"$project": {"waited": waited}},
        ]
    )
    rows = await found.to_list(1)
    return max(float(rows[0]["waited"]) / 1_000, 0.0) if rows else 0.0
