"""A phone hears that a public list is in another version, once, and asks for nothing else to know (R-B2)."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from litestar import Litestar
from litestar.di import Provide

from backend.dev.sockets import serving
from backend.sync.api.citizen import sync_routes
from backend.sync.catalogues import KEPT_FOR, Catalogues
from kernel.clock import SystemClock, TestClock
from kernel.http.problems import EXCEPTION_HANDLERS
from kernel.privacy.vault import Vault
from tests.support.named_callers import NamedCallers
from tests.support.officials import citizen
from tests.support.papers import make_desk
from tests.unit.sync.conftest import Room

pytestmark = pytest.mark.proves("R-B2")


@dataclass
class Shelf:
    """Two lists and how often their versions were asked for."""

    versions: dict[str, str] = field(default_factory=lambda: {"procedures": "1", "agencies": "1"})
    asked: int = 0

    def of(self, name: str) -> Any:
        async def version() -> str:
            self.asked += 1
            return self.versions[name]

        return version


async def test_another_version_is_told_once_and_only_to_who_keeps_the_catalogue(room: Room, vault: Vault) -> None:
    shelf, clock = Shelf(), TestClock(SystemClock().now())
    desk = make_desk(room.db, vault, Catalogues({name: shelf.of(name) for name in shelf.versions}, clock))
    assert desk.kinds == ("paper", "memo", "catalogue")
    app = Litestar(
        [sync_routes(desk)],
        middleware=[NamedCallers({"lan": citizen("lan")})],
        exception_handlers=EXCEPTION_HANDLERS,
        dependencies=given(desk, clock),
        openapi_config=None,
        logging_config=None,
    )
    async with serving(app) as server, httpx2.AsyncClient(base_url=server.url) as client:

        async def sync(**query: Any) -> Any:
            answer = await client.get("/v1/sync", params=query, headers={"x-as": "lan", "if-none-match": query.pop("etag", "")})
            return answer if answer.status_code == 304 else answer.json() | {"etag": answer.headers["etag"]}

        first = await sync()
        assert first["changes"] == {"catalogue": {"procedures": "1", "agencies": "1"}}
        quiet = await sync(types="paper")
        assert quiet["changes"] == {}
        shelf.versions["procedures"] = "2"
        assert (await sync(since=first["nextSince"], etag=first["etag"])).status_code == 304, "it is remembered for a while"
        clock.advance(KEPT_FOR + timedelta(seconds=1))
        second = await sync(since=first["nextSince"], etag=first["etag"], wait=25)
        assert second["changes"] == {"catalogue": {"procedures": "2", "agencies": "1"}}
        assert (await sync(since=second["nextSince"], etag=second["etag"])).status_code == 304
        assert (await sync(since=quiet["nextSince"]))["changes"] == {}
    assert shelf.asked == 4


def given(desk: Any, clock: TestClock) -> dict[str, Any]:
    def always(value: Any) -> Provide:
        return Provide(lambda: value, sync_to_thread=False)

    values = {"sync_desk": desk, "clock": clock, "actor": citizen("lan"), "language": "vi", "standing": None}
    return {name: always(value) for name, value in values.items()}
