"""What the edge costs, and what it saves (ADR 0016).

    python -m bench.edge [--rounds 30]

Pairs, asked in alternating rounds in one run, of one server process with real sockets and a real mongod:

    ready       a route that answers a ready dossier and does nothing else: ours, with a token checked, limits counted, a tag made
                and the coding chosen, against the bare Litestar app. Same handler, same bytes of body. Harder is no comparison.
    read        the same of a route that reads its dossier, with eight timeline entries: our GET /v1/dossiers/{id} against a bare
                Litestar route with the same query and the same view of it
    dossier     the same route of ours: 304 against its own 200
    list        our GET /v1/dossiers with twenty dossiers: 304 against its own 200

Told are medians of requests a second as the client sees them, and the median of the paired ratios with its quartiles, by the
clock on the wall and by the processor time the server's process spent; the client is another process.
"""

import argparse
import asyncio
import contextlib
import dataclasses
import json
import statistics
import sys
import tempfile
import time
from asyncio.subprocess import Process
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import msgspec
import uvloop
from litestar import Litestar, get
from litestar.params import FromPath

from backend.agencies.queries import AgencyNames
from backend.app.clients_file import auth_config
from backend.app.factory import create_app
from backend.dev.mongod import Mongod
from backend.dev.sockets import bound_socket, serve_on, url_of
from backend.dossiers import queries
from backend.dossiers.api.views import Viewer
from backend.dossiers.schemas import dossiers as schemas
from bench.figures import Figure, Spread
from kernel.clock import SystemClock
from kernel.http.access import citizens
from kernel.http.given import TheFresh
from kernel.slice import Slice
from tests.support.api import Api
from tests.support.callers import Callers
from tests.support.feed import event, new_code
from tests.support.parts import filled_parts

CONNECTIONS, PER_ROUND = 8, 400


# The server, in a process of its own.


def ready_dossier() -> Any:
    agency = schemas.AgencyRef(code="H12.13", name="Trung tâm Phục vụ hành chính công tỉnh")
    status = schemas.StatusView(name="processing", code=2, label="Đang xử lý", clock="running")
    at = datetime(2026, 6, 15, 8, 30, tzinfo=UTC)
    return schemas.DossierView(
        id="d1", code="H12.13-260615-0007", procedure_code="1.012786", procedure_name="Đăng ký đất đai lần đầu", status=status,
        status_at=at, deciding_agency=agency, has_result=False, version=7, due_at=at, submit_channel="counter",
        receiving_agency=agency, allowed_actions=[], supplements=[],
        timeline=[schemas.TimelineItem(status=status, at=at, agency=agency, note="Đã tiếp nhận hồ sơ") for _ in range(8)],
    )  # fmt: skip


async def serve() -> None:
    ready = ready_dossier()

    @get("/ready")
    async def bare_route() -> schemas.DossierView:
        return ready

    @get("/ready", operation_id="getReady", guards=[citizens])
    async def our_route(fresh: TheFresh) -> schemas.DossierView:
        fresh.at(7)
        return ready

    with tempfile.TemporaryDirectory() as folder:
        async with await Mongod.start(Path(folder)) as mongod:
            sock, bare_sock = bound_socket(), bound_socket()
            async with filled_parts(mongod.uri, SystemClock(), url_of(sock)) as filled:
                # Without browser apps, as a province serves its phones; the bare app serves none either.
                settings = msgspec.structs.replace(filled.settings, cors_origins=())
                parts = dataclasses.replace(filled, settings=settings, slices=(*filled.slices, Slice("bench", routes=[our_route])))
                app = create_app(parts)
                callers = Callers(parts, auth_config(parts.settings))
                names = AgencyNames(parts.clock)
                bearer = await callers.token("lan")
                lan = await parts.auth.tokens.verify(bearer)

                @get("/read/{dossier_id:str}")
                async def bare_read(dossier_id: FromPath[str]) -> schemas.DossierView:
                    viewer = Viewer(lan, "vi", await names.load(), parts.clock.now())
                    return viewer.whole(await queries.one_dossier(parts.reads, lan, dossier_id))

                server = await serve_on(sock, app)
                bare = await serve_on(bare_sock, Litestar([bare_route, bare_read], logging_config=None, openapi_config=None))
                async with httpx2.AsyncClient(base_url=server.url, timeout=30) as http:
                    api = Api(server.url, app, parts, callers, http)
                    code = new_code()
                    statuses = ["accepted", "processing"] * 4
                    told = [
                        event(code, status, f"2026-06-{n + 1:02}T08:00:00+07:00", note="Đã chuyển bộ phận chuyên môn")
                        for n, status in enumerate(statuses)
                    ]
                    dossier = await api.told(*told)
                    await api.tell(*[event(new_code()) for _ in range(19)])
                    tags = {
                        path: (await api.get("lan", path, headers={"accept-encoding": "identity"})).headers["etag"]
                        for path in ("/ready", f"/v1/dossiers/{dossier}", "/v1/dossiers")
                    }
                    shown = (await api.get("lan", f"/v1/dossiers/{dossier}")).json()
                facts = {
                    "ours": server.url, "bare": bare.url, "bearer": f"Bearer {bearer}", "dossier": dossier, "tags": tags,
                    "entries": len(shown["timeline"]),
                }  # fmt: skip
                print(json.dumps(facts), flush=True)
                # Each line it reads it answers with the processor time it has used, all its threads together.
                while await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline):
                    print(time.process_time(), flush=True)
                await bare.stop()
                await server.stop()


# The client.


@dataclasses.dataclass
class Question:
    """One request, as bytes; what the answer has to be."""

    port: int
    request: bytes
    status: bytes


def question(url: str, path: str, status: int, **headers: str) -> Question:
    port = int(url.rsplit(":", 1)[1])
    usual = {"host": f"127.0.0.1:{port}", "accept": "application/json", "accept-language": "vi-VN,vi;q=0.9", "user-agent": "bench"}
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in {**usual, **headers}.items())
    return Question(port, f"GET {path} HTTP/1.1\r\n{lines}\r\n".encode(), f"HTTP/1.1 {status} ".encode())


async def one_connection(asked: Question, many: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", asked.port)
    for _ in range(many):
        writer.write(asked.request)
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(asked.status), head
        length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
        if length and int(length):
            await reader.readexactly(int(length))
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()


async def cpu_of(server: Process) -> float:
    assert server.stdin
    assert server.stdout
    server.stdin.write(b"\n")
    return float(await server.stdout.readline())


async def round_of(asked: Question, server: Process) -> tuple[float, float]:
    """Seconds on the wall and of the server's processor for each request."""
    cpu, started = await cpu_of(server), time.perf_counter()
    await asyncio.gather(*(one_connection(asked, PER_ROUND // CONNECTIONS) for _ in range(CONNECTIONS)))
    took = time.perf_counter() - started
    return took / PER_ROUND, (await cpu_of(server) - cpu) / PER_ROUND


async def compare(what: str, first: Question, second: Question, server: Process, rounds: int) -> tuple[list[str], Spread, Spread]:
    """Both sides' requests a second, and the first's as a multiple of the second's: by the clock, and by processor time."""
    took: list[list[tuple[float, float]]] = [[], []]
    for asked in (first, second):
        await round_of(asked, server)
    for n in range(rounds):
        for which in (0, 1) if n % 2 else (1, 0):
            took[which].append(await round_of((first, second)[which], server))
    rates = [f"{statistics.median(1 / wall for wall, _ in side):,.0f}/s" for side in took]
    wall, cpu = (Spread.of_ratios([b[n] for b in took[1]], [a[n] for a in took[0]]) for n in (0, 1))
    print(f"{what:<34}{rates[0]:>10}{rates[1]:>10}   by the clock {wall}   by processor time {cpu}", flush=True)
    return rates, wall, cpu


async def measure(rounds: int) -> list[Figure]:
    pipe = asyncio.subprocess.PIPE
    server = await asyncio.create_subprocess_exec(
        sys.executable, "-W", "ignore", "-m", "bench.edge", "--serve", stdin=pipe, stdout=pipe, limit=2**20
    )
    assert server.stdout
    line = b""
    while not line.startswith(b"{"):
        line = await server.stdout.readline()
        if not line:
            raise RuntimeError("the server ended before it was ready; what it says of that stands above")
    facts = json.loads(line)
    figures = await all_of(facts, server, rounds)
    await server.communicate(b"")
    return figures


async def all_of(facts: dict[str, Any], server: Process, rounds: int) -> list[Figure]:
    ours, bare, token, tags = facts["ours"], facts["bare"], {"authorization": facts["bearer"]}, facts["tags"]
    plain, packed = {"accept_encoding": "identity"}, {"accept_encoding": "zstd, br, gzip"}
    dossier = f"/v1/dossiers/{facts['dossier']}"

    def whole(path: str, coding: dict[str, str], url: str = ours) -> Question:
        return question(url, path, 200, **token, **coding)

    def known(path: str) -> Question:
        return question(ours, path, 304, **token, **plain, if_none_match=tags[path])

    machinery = [
        ("a ready answer: ours / bare Litestar", whole("/ready", plain), whole("/ready", plain, bare)),
        ("one dossier read: ours / bare Litestar", whole(dossier, plain), whole(f"/read/{facts['dossier']}", plain, bare)),
    ]
    saved = [
        ("a ready answer: 304 / its 200", known("/ready"), whole("/ready", plain)),
        ("one dossier: 304 / its 200", known(dossier), whole(dossier, packed)),
        ("a list of 20: 304 / its 200", known("/v1/dossiers"), whole("/v1/dossiers", packed)),
    ]
    print(
        f"{rounds} rounds of {PER_ROUND} requests, {CONNECTIONS} connections; the dossier has {facts['entries']} timeline entries"
    )
    figures = []
    # A ready answer has hardly anything to save: that line says what the least is, and promises nothing.
    for pairs, least in ((machinery, 0.75), (saved[:1], None), (saved[1:], 2.0)):
        for what, first, second in pairs:
            rates, wall, cpu = await compare(what, first, second, server, rounds)
            figures.append(Figure(f"{what}, processor", cpu, *rates, least=least))
            figures.append(Figure(f"{what}, clock", wall, *rates, least=least))
    return figures


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        # As uvicorn runs in production.
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(serve())
    else:
        asyncio.run(measure(given.rounds))
