"""What the edge costs, and what it saves (ADR 0016).

    python bench/edge.py [--rounds 30]

Three pairs, asked in alternating rounds in one run, of one server process with real sockets and a real mongod:

    machinery   a route that answers a ready dossier: the bare Litestar app against ours, with a token checked, limits counted, a
                tag made and the coding chosen. Same handler, same bytes of body.
    dossier     our GET /v1/dossiers/{id} with eight timeline entries: 304 against its own 200
    list        our GET /v1/dossiers with twenty dossiers: 304 against its own 200

Printed are medians of requests a second as the client sees them, and the median of the paired ratios with its quartiles, by the
clock on the wall and by the processor time the server spent, since the machines this runs on are noisy.
"""

import argparse
import asyncio
import contextlib
import dataclasses
import json
import os
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

import httpx2
import msgspec
import uvloop
from litestar import Litestar, get

from backend.app.clients_file import auth_config
from backend.app.factory import create_app
from backend.dev.mongod import Mongod
from backend.dev.sockets import bound_socket, serve_on, url_of
from backend.dossiers.schemas import dossiers as schemas
from kernel.clock import SystemClock
from kernel.http.access import citizens
from kernel.http.given import TheFresh
from kernel.slice import Slice
from tests.support.api import Api
from tests.support.callers import Callers
from tests.support.feed import event, new_code
from tests.support.parts import filled_parts

CONNECTIONS, PER_ROUND = 8, 800
TICKS = os.sysconf("SC_CLK_TCK")


# The server, in a process of its own.


def ready_dossier() -> Any:
    agency = schemas.AgencyRef(code="H12.13", name="Trung tâm Phục vụ hành chính công tỉnh")
    status = schemas.StatusView(name="processing", code=2, label="Đang xử lý", clock="running")
    at = datetime(2026, 6, 15, 8, 30, tzinfo=UTC)
    return schemas.DossierView(
        id="d1", code="H12.13-260615-0007", procedure_code="1.012786", procedure_name="Đăng ký đất đai lần đầu", status=status,
        status_at=at, deciding_agency=agency, has_result=False, version=7, due_at=at, submit_channel="counter",
        receiving_agency=agency, allowed_actions=[],
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
                server = await serve_on(sock, app)
                bare = await serve_on(bare_sock, Litestar([bare_route], logging_config=None, openapi_config=None))
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
                    bearer = (await api.bearer("lan"))["authorization"]
                    tags = {
                        path: (await api.get("lan", path, headers={"accept-encoding": "identity"})).headers["etag"]
                        for path in ("/ready", f"/v1/dossiers/{dossier}", "/v1/dossiers")
                    }
                    shown = (await api.get("lan", f"/v1/dossiers/{dossier}")).json()
                facts = {
                    "ours": server.url, "bare": bare.url, "bearer": bearer, "dossier": f"/v1/dossiers/{dossier}", "tags": tags,
                    "entries": len(shown["timeline"]),
                }  # fmt: skip
                print(json.dumps(facts), flush=True)
                await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
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


def cpu_of(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


async def round_of(asked: Question, pid: int) -> tuple[float, float]:
    """Seconds on the wall and of the server's processor for each request."""
    cpu, started = cpu_of(pid), time.perf_counter()
    await asyncio.gather(*(one_connection(asked, PER_ROUND // CONNECTIONS) for _ in range(CONNECTIONS)))
    return (time.perf_counter() - started) / PER_ROUND, (cpu_of(pid) - cpu) / PER_ROUND


def spread(ratios: list[float]) -> str:
    low, middle, high = statistics.quantiles(ratios, n=4)
    return f"{middle:.2f} ({low:.2f} to {high:.2f})"


async def compare(name: str, first: Question, second: Question, pid: int, rounds: int) -> dict[str, Any]:
    took: list[list[tuple[float, float]]] = [[], []]
    for asked in (first, second):
        await round_of(asked, pid)
    for n in range(rounds):
        for which in (0, 1) if n % 2 else (1, 0):
            took[which].append(await round_of((first, second)[which], pid))
    rates = [statistics.median(1 / wall for wall, _ in side) for side in took]
    wall = [b[0] / a[0] for a, b in zip(*took, strict=True)]
    cpu = [b[1] / a[1] for a, b in zip(*took, strict=True) if a[1] and b[1]]
    print(f"{name:<34}{rates[0]:>8.0f}/s{rates[1]:>8.0f}/s   {spread(wall):<24}{spread(cpu)}")
    return {"name": name, "rates": rates, "wall": statistics.median(wall), "cpu": statistics.median(cpu)}


async def main(rounds: int) -> None:
    pipe = asyncio.subprocess.PIPE
    server = await asyncio.create_subprocess_exec(sys.executable, __file__, "--serve", stdin=pipe, stdout=pipe, limit=2**20)
    assert server.stdout
    line = b""
    while not line.startswith(b"{"):
        line = await server.stdout.readline()
    facts = json.loads(line)
    ours, bare, token = facts["ours"], facts["bare"], {"authorization": facts["bearer"]}
    plain, tags = {"accept_encoding": "identity"}, facts["tags"]

    def known(path: str) -> Question:
        return question(ours, path, 304, **token, **plain, if_none_match=tags[path])

    def whole(path: str, **more: str) -> Question:
        return question(ours, path, 200, **token, **{**plain, **more})

    print(
        f"{rounds} rounds of {PER_ROUND} requests, {CONNECTIONS} connections; the dossier has {facts['entries']} timeline entries"
    )
    print(f"{'A against B':<34}{'A':>10}{'B':>10}   {'A/B by the clock':<24}A/B by processor time")
    pid = server.pid
    await compare("machinery: ours / bare", whole("/ready"), question(bare, "/ready", 200, **token, **plain), pid, rounds)
    zstd = whole("/ready", accept_encoding="zstd, br, gzip")
    await compare("the same with zstd / bare", zstd, question(bare, "/ready", 200, **token, **plain), pid, rounds)
    await compare("machinery: 304 / 200", known("/ready"), whole("/ready"), pid, rounds)
    await compare(
        "dossier: 304 / 200", known(facts["dossier"]), whole(facts["dossier"], accept_encoding="zstd, br, gzip"), pid, rounds
    )
    await compare(
        "list of 20: 304 / 200", known("/v1/dossiers"), whole("/v1/dossiers", accept_encoding="zstd, br, gzip"), pid, rounds
    )
    await server.communicate(b"")


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
        asyncio.run(main(given.rounds))
