"""What a citizen waits for on a bad day: the first sight of fifty dossiers, and the refresh that finds nothing new.

    python -m bench.first_sight [--rounds 15]

400 ms round trip, 256 kbit/s, 5 % loss (bench/link.py). First sight is a cold app: a new connection, `GET /v1/app/bootstrap`,
`GET /v1/sync`. The refresh is one conditional `GET /v1/sync`: on the connection that is open, and on a new one. Printed are the
bytes of whole answers as they cross the wire, heads included, and medians of the seconds with their quartiles.
"""

import argparse
import asyncio
import json
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import zstandard

from backend.dev.mongod import Mongod
from bench.figures import Figure, Spread, line
from bench.link import Conditions, Link, slow_link
from kernel.clock import TestClock
from tests.support.api import running_api
from tests.support.busy_citizen import DOSSIERS, fifty_dossiers


async def measure(rounds: int) -> list[Figure]:
    clock = TestClock(datetime.now(UTC))
    with tempfile.TemporaryDirectory() as folder:
        async with (
            await Mongod.start(Path(folder)) as mongod,
            running_api(mongod.uri, clock, limits_scale=1.0) as api,
        ):
            await fifty_dossiers(api)
            headers = {**await api.bearer("lan"), "accept-encoding": "zstd, br, gzip", "accept-language": "vi"}
            cold, warm, again, sizes = [], [], [], {}
            for n in range(rounds):
                async with slow_link(int(api.url.rpartition(":")[2]), Conditions(), seed=n) as link:
                    state = await first_sight(link, headers, cold, sizes)
                    await unchanged(link, headers, state, warm, again, sizes)
    figures = [
        Figure(f"first sight of {DOSSIERS} dossiers, requests", Spread.of([2]), most=2),
        Figure("  bytes of the answers, heads and all", Spread.of([sizes["cold"]]), most=12_000),
        Figure("  seconds on a bad network, new connection", Spread.of(cold), most=4),
        Figure("unchanged refresh, bytes of the answer", Spread.of([sizes["warm"]]), most=300),
        Figure("  seconds on a bad network, open connection", Spread.of(warm), most=1),
        Figure("  seconds on a bad network, new connection", Spread.of(again)),
    ]
    print("400 ms round trip, 256 kbit/s, 5 % loss, by a proxy (bench/link.py): this kernel need not have netem")
    for figure in figures:
        print(line(figure.cells))
    return figures


async def first_sight(link: Link, headers: dict[str, str], cold: list[float], sizes: dict[str, int]) -> tuple[str, str]:
    """Two round trips on a new connection; answers the token and the tag of the next refresh."""
    async with httpx2.AsyncClient(base_url=link.url, timeout=60) as phone:
        started, before = time.perf_counter(), link.down_bytes
        (await phone.get("/v1/app/bootstrap", headers=headers)).raise_for_status()
        answer = (await phone.get("/v1/sync", headers=headers)).raise_for_status()
        cold.append(time.perf_counter() - started)
        sizes["cold"] = link.down_bytes - before
        # The client has no zstd of its own.
        page = json.loads(zstandard.decompress(answer.content))
        assert len(page["changes"]["dossier"]["upserted"]) == DOSSIERS, "one call brings them all"
        assert not page["hasMore"]
        since = str(page["nextSince"])
        settled = await phone.get("/v1/sync", params={"since": since}, headers=headers)
    return since, settled.headers["etag"]


async def unchanged(
    link: Link, headers: dict[str, str], state: tuple[str, str], warm: list[float], again: list[float], sizes: dict[str, int]
) -> None:
    since, tag = state
    asked = {**headers, "if-none-match": tag}
    async with httpx2.AsyncClient(base_url=link.url, timeout=60) as phone:
        for took in (again, warm):
            started, before = time.perf_counter(), link.down_bytes
            answer = await phone.get("/v1/sync", params={"since": since}, headers=asked)
            took.append(time.perf_counter() - started)
            assert answer.status_code == 304, answer.text
            sizes["warm"] = link.down_bytes - before


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    asyncio.run(measure(parser.parse_args().rounds))
