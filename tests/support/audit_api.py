"""The audit's routes on a socket, as whoever the header `x-as` names: how somebody signs in is proven elsewhere."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
from litestar import Litestar
from litestar.di import Provide

from backend.agencies.queries import AgencyNames
from backend.app.factory import actor, language
from backend.audit.slice import Auditing, build_audit
from backend.dev.sockets import serving
from kernel.clock import TestClock
from kernel.http.problems import EXCEPTION_HANDLERS
from kernel.mongo.client import Client
from kernel.principal import Principal
from tests.support.edge import edged, given_at_the_edge
from tests.support.named_callers import NamedCallers


@dataclass(frozen=True)
class AuditApi:
    """The routes, and what is behind them."""

    http: httpx2.AsyncClient
    auditing: Auditing

    async def get(self, who: str, path: str, language: str = "en", **params: Any) -> httpx2.Response:
        return await self.http.get(path, headers={"x-as": who, "accept-language": language}, params=params)


class _NamesOnly(AgencyNames):
    """Two agencies, without a catalogue to read."""

    def __init__(self) -> None:
        self._names = {"H12.13": "Trung tâm Phục vụ hành chính công"}

    async def load(self) -> "_NamesOnly":
        return self


@asynccontextmanager
async def audit_api(client: Client, database: str, clock: TestClock, people: Mapping[str, Principal]) -> AsyncIterator[AuditApi]:
    """Serve the slice, and nothing else."""
    auditing = build_audit(client, database, clock)
    await auditing.trail.prepare()
    names = _NamesOnly()
    given = {
        **given_at_the_edge(client[database], clock),
        "actor": Provide(actor),
        "language": Provide(language),
        "audit": Provide(lambda: auditing.log, sync_to_thread=False),
        "agencies": Provide(lambda: names, sync_to_thread=False),
    }
    app = Litestar(
        auditing.slice.routes,
        middleware=[NamedCallers(people)],
        exception_handlers=EXCEPTION_HANDLERS,
        dependencies={**given, **auditing.slice.dependencies},
        openapi_config=None,
        logging_config=None,
    )
    async with serving(edged(app)) as server, httpx2.AsyncClient(base_url=server.url, timeout=30) as http:
        yield AuditApi(http, auditing)
