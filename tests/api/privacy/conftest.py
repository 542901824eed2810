"""Privacy's routes on a socket, as whoever the header `x-as` names: how somebody signs in is proven elsewhere."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
from litestar import Litestar
from litestar.di import Provide

from backend.app.factory import actor, language
from backend.dev.sockets import serving
from backend.privacy.slice import Privacy
from kernel.http.bodies import CheckedRequest
from kernel.http.problems import EXCEPTION_HANDLERS
from kernel.principal import Principal
from tests.support.edge import edged, given_at_the_edge
from tests.support.named_callers import NamedCallers
from tests.support.officials import HOA
from tests.unit.privacy_slice.conftest import keeper, privacy  # noqa: F401 - the same house as in the unit tests
from tests.unit.privacy_slice.keeper import ADMIN, Keeper


@dataclass(frozen=True)
class PrivacyApi:
    """The routes, the house behind them, and who calls: `lan`, `stale` (signed in long ago), `nam`, `admin`, `hoa`, or nobody."""

    http: httpx2.AsyncClient
    keeper: Keeper

    async def call(self, who: str, method: str, path: str, language: str = "en", **request: Any) -> httpx2.Response:
        return await self.http.request(method, path, headers={"x-as": who, "accept-language": language}, **request)


def _always(value: Any) -> Provide:
    return Provide(lambda: value, sync_to_thread=False)


@pytest.fixture
async def privacy_api(privacy: Privacy, keeper: Keeper) -> AsyncIterator[PrivacyApi]:  # noqa: F811
    held = privacy.holdings
    other = Principal(
        id="p_nam", kind="citizen", client_id="app", citizen_key="s_nam", assurance=2, authenticated_at=held.clock.now()
    )
    lan, stale = keeper.citizen(), keeper.citizen(minutes_ago=6)
    people = {"lan": lan, "stale": stale, "nam": other, "admin": ADMIN, "hoa": HOA}
    given = {
        **given_at_the_edge(held.vault.keys.database, held.clock),
        "actor": Provide(actor),
        "language": Provide(language),
        "clock": _always(held.clock),
        "audit": _always(held.audit),
        "vault": _always(held.vault),
        "calendar": _always(held.calendar()),
    }
    app = Litestar(
        privacy.slice.routes,
        request_class=CheckedRequest,
        middleware=[NamedCallers(people)],
        exception_handlers=EXCEPTION_HANDLERS,
        dependencies={**given, **privacy.slice.dependencies},
        openapi_config=None,
        logging_config=None,
    )
    async with serving(edged(app)) as server, httpx2.AsyncClient(base_url=server.url, timeout=30) as http:
        yield PrivacyApi(http, keeper)
