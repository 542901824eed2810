"""Our API on a real socket, in this process, and everybody who calls it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import httpx2
from litestar import Litestar

from backend.app.clients_file import auth_config
from backend.app.factory import create_app
from backend.app.parts import Parts
from backend.dev.post_office import PostOffice, running_post_office
from backend.dev.sockets import bound_socket, serve_on, url_of
from kernel.clock import TestClock
from kernel.errors import Unauthenticated
from kernel.slice import Slice
from tests.support.callers import Callers
from tests.support.parts import SYSTEM, WIDE, filled_parts
from tests.support.post_office import texts_to

PDF = b"%PDF-1.4\n% a result\n%%EOF\n"


@dataclass
class Api:
    """The API as its callers see it; `who` is a name of `tests.support.callers`, or empty for nobody."""

    url: str
    app: Litestar
    parts: Parts
    callers: Callers
    http: httpx2.AsyncClient
    office: PostOffice = field(default_factory=PostOffice)
    """Where what it sends arrives."""
    _tokens: dict[str, str] = field(default_factory=dict)
    _signing_in: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)

    async def call(self, who: str, method: str, path: str, **request: Any) -> httpx2.Response:
        """One request, with a token of `who`."""
        headers = {**(await self.bearer(who) if who else {}), **request.pop("headers", {})}
        asked = self.http.build_request(method, path, headers=headers, **request)
        answer = await self.http.send(asked, stream=True)
        if answer.headers.get("content-type") == "text/event-stream":
            # It never ends by itself: that it began is the answer.
            await answer.aclose()
            return httpx2.Response(answer.status_code, headers=answer.headers, request=asked)
        await answer.aread()
        return answer

    async def bearer(self, who: str) -> dict[str, str]:
        """The header with a token of theirs; one token serves the whole module, as long as it is good."""
        # Twenty calls at once are one person signing in.
        async with self._signing_in:
            if who not in self._tokens:
                self._tokens[who] = await self.callers.token(who)
        return {"authorization": f"Bearer {self._tokens[who]}"}

    def sign_everybody_out(self) -> None:
        """Forget the tokens: the next call gets a fresh one."""
        self._tokens.clear()

    async def forget_ended(self) -> None:
        """Whoever's session is over signs in anew with their next call."""
        for who, token in list(self._tokens.items()):
            try:
                await self.parts.auth.tokens.verify(token)
            except Unauthenticated:
                del self._tokens[who]

    async def get(self, who: str, path: str, **request: Any) -> httpx2.Response:
        return await self.call(who, "GET", path, **request)

    async def tell(self, *events: dict[str, Any]) -> dict[str, Any]:
        """A source system tells these events; answers what became of them."""
        answer = await self.call(SYSTEM, "POST", "/v1/integration/dossier-events", json={"events": list(events)})
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def told(self, *events: dict[str, Any]) -> str:
        """Tell events of one dossier; answers its id."""
        results = (await self.tell(*events))["results"]
        assert {result["outcome"] for result in results} <= {"applied", "irregular", "duplicate"}, results
        return str(results[0]["dossierId"])

    async def publish(self, who: str, dossier_id: str, content: bytes = PDF, name: str = "ket-qua.pdf") -> httpx2.Response:
        """Publish a result, as the staff page does."""
        files = {"data": (name, content, "application/pdf")}
        return await self.call(who, "POST", f"/v1/staff/dossiers/{dossier_id}/result", files=files)


@asynccontextmanager
async def running_api(
    mongodb_uri: str, clock: TestClock, *, limits_scale: float = WIDE, slices: Sequence[Slice] = ()
) -> AsyncIterator[Api]:
    """The API, over a database of its own; `slices` come on top of the product's."""
    sock = bound_socket()
    async with (
        running_post_office(bound_socket(), clock=clock) as office,
        filled_parts(mongodb_uri, clock, url_of(sock), limits_scale=limits_scale, **texts_to(office)) as parts,
    ):
        app = create_app(replace(parts, slices=(*parts.slices, *slices)))
        callers = Callers(parts, auth_config(parts.settings))
        server = await serve_on(sock, app)
        async with httpx2.AsyncClient(base_url=server.url, timeout=30) as http:
            yield Api(server.url, app, parts, callers, http, office)
        await server.stop()


def assert_problem(answer: httpx2.Response, status: int, code: str) -> dict[str, Any]:
    """It is this problem, as RFC 9457 and R-C6 have it; answers its members."""
    assert answer.headers["content-type"] == "application/problem+json", (answer.status_code, answer.text[:300])
    problem: dict[str, Any] = answer.json()
    assert (answer.status_code, problem["code"]) == (status, code), problem
    assert problem["status"] == status
    assert problem["type"] == f"/docs#{code}"
    assert problem["title"]
    assert problem["detail"]
    assert problem["traceId"] == answer.headers["x-trace-id"]
    assert answer.headers["cache-control"] == "no-store"
    return problem
