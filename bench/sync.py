"""What syncing costs: bytes on the wire, and what a change pays for being synced (ADR 0018).

    python -m bench.sync [--rounds 12]

Bytes: the first snapshot of a citizen with fifty dossiers of the demonstration's kind, as it is and compressed; and a refresh that
finds nothing new, headers included. Time: an official's step (`transition`, the whole verb) with and without its feed, in
alternating rounds of one process; a bump of a small and of a large feed; an unchanged refresh and a snapshot over HTTP.
"""

import argparse
import asyncio
import gzip
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import brotli
import httpx2
import zstandard

from backend.app.worker import make_relay
from backend.dev.mongod import Mongod
from backend.dossiers.actions.record_events import record_events
from backend.dossiers.actions.transition import transition
from backend.sync.actions.bump import MAX_ITEMS
from bench.figures import Figure, Spread, line
from kernel.clock import TestClock
from kernel.ids import new_id
from kernel.mongo.document import Stored
from kernel.mongo.followed import Changed
from tests.support.api import Api, running_api
from tests.support.feed import new_code, people, told
from tests.support.officials import CENTRE, HOA, LAND_OFFICE

DOSSIERS, STEPS, AT_ONCE = 50, 64, 16
PROCEDURES = [
    ("1.012786", "Đăng ký, cấp Giấy chứng nhận quyền sử dụng đất, quyền sở hữu tài sản gắn liền với đất lần đầu"),
    ("1.001193", "Đăng ký khai sinh"), ("2.000635", "Cấp bản sao trích lục hộ tịch"),
    ("1.004873", "Cấp Giấy xác nhận tình trạng hôn nhân"), ("1.001612", "Đăng ký thành lập hộ kinh doanh"),
    ("1.009972", "Thẩm định Báo cáo nghiên cứu khả thi đầu tư xây dựng"), ("1.003003", "Cấp đổi giấy phép lái xe"),
    ("2.000286", "Tiếp nhận đối tượng bảo trợ xã hội có hoàn cảnh đặc biệt khó khăn vào cơ sở trợ giúp xã hội"),
]  # fmt: skip
COURSE = ["accepted", "processing", "finished", "returned"]


async def fill(api: Api) -> None:
    """Fifty dossiers of one citizen, each somewhere on its course, and the notices that go with them."""
    now, events = datetime.now(UTC), []
    for n in range(DOSSIERS):
        code, procedure, begun = new_code(), PROCEDURES[n % len(PROCEDURES)], now - timedelta(days=12, hours=n)
        events += [
            told(
                code, status, (begun + timedelta(days=2 * step)).isoformat(), procedure_code=procedure[0],
                procedure_name=procedure[1], deciding_agency=LAND_OFFICE if n % 3 else CENTRE,
                due_at=(begun + timedelta(days=20)).isoformat(),
            )
            for step, status in enumerate(COURSE[: n % len(COURSE) + 1])
        ]  # fmt: skip
    await record_events(events, now=api.parts.clock.now(), people=people(api.parts))
    await make_relay(api.parts).drain()


def sizes(raw: bytes) -> str:
    packed = {
        "gzip": len(gzip.compress(raw, 6)),
        "br": len(brotli.compress(raw, quality=5)),
        "zstd": len(zstandard.compress(raw, 3)),
    }
    return f"{len(raw):>8,}" + "".join(f"{size:>8,} {name}" for name, size in packed.items())


def on_the_wire(answer: httpx2.Response) -> int:
    line = f"HTTP/1.1 {answer.status_code} {answer.reason_phrase}\r\n"
    return len(line) + sum(len(name) + len(value) + 4 for name, value in answer.headers.raw) + 2 + len(answer.content)


async def bytes_of(api: Api) -> list[Figure]:
    print("bytes                                       plain, then compressed")
    for name, query in (("snapshot of 50 dossiers", "?types=dossier"), ("the same with the inbox", "")):
        answer = await api.get("lan", f"/v1/sync{query}")
        changes = answer.json()["changes"]
        counts = ", ".join(f"{len(changed['upserted'])} {kind}" for kind, changed in changes.items() if "upserted" in changed)
        print(f"  {name:<28}{sizes(answer.content)}   ({counts})")
    whole = await api.get("lan", "/v1/sync")
    token = whole.json()["nextSince"]
    empty = await api.get("lan", "/v1/sync", params={"since": token})
    unchanged = await api.get("lan", "/v1/sync", params={"since": token}, headers={"if-none-match": empty.headers["etag"]})
    assert unchanged.status_code == 304
    print(f"  unchanged, 304              {on_the_wire(unchanged):>8,} with all headers")
    print(f"  unchanged, 200 without ETag {on_the_wire(empty):>8,} with all headers")
    return [Figure("sync, unchanged: bytes of the 304, heads and all", Spread.of([on_the_wire(unchanged)]), most=300)]


async def timed(work: Callable[[int], Awaitable[object]], times: int, at_once: int) -> float:
    """Operations a second."""
    started, room = time.perf_counter(), asyncio.Semaphore(at_once)

    async def one(n: int) -> None:
        async with room:
            await work(n)

    await asyncio.gather(*(one(n) for n in range(times)))
    return times / (time.perf_counter() - started)


async def fresh_dossiers(api: Api) -> list[str]:
    """One for each of as many citizens: an official does not take the same citizen's dossiers all day."""
    events = [told(new_code(), "accepted", personal_number=f"0961990{n:05}") for n in range(STEPS)]
    outcomes = await record_events(events, now=api.parts.clock.now(), people=people(api.parts))
    return [str(one.dossier_id) for one in outcomes]


@asynccontextmanager
async def without_sync(api: Api):
    """As before there were feeds: no news in the outbox, nobody told at once."""
    synced = [one.document for one in api.parts.sync.synced]
    kept, listener = [d.followed for d in synced], Stored.listener
    for document in synced:
        document.followed = None
    Stored.listener = None
    yield
    for document, followed in zip(synced, kept, strict=True):
        document.followed = followed
    Stored.listener = listener


async def cost_of_a_change(api: Api, rounds: int) -> list[Figure]:
    figures = []
    print(f"\nan official's step, operations a second ({rounds} rounds of {STEPS}), and both together with the relay draining")
    for at_once in (1, AT_ONCE):
        rates: dict[str, list[float]] = {"without": [], "with": [], "without, relayed": [], "with, relayed": []}
        for number in range(rounds):
            for name in sorted(("without", "with"), reverse=bool(number % 2)):
                async with without_sync(api) if name == "without" else nothing():
                    ids = await fresh_dossiers(api)
                    await make_relay(api.parts).drain()
                    began = time.perf_counter()
                    rates[name].append(await timed(lambda n, ids=ids: step(api, ids[n]), STEPS, at_once))
                    await make_relay(api.parts).drain()
                    rates[f"{name}, relayed"].append(STEPS / (time.perf_counter() - began))
        for before, after in (("without", "with"), ("without, relayed", "with, relayed")):
            sides = [f"{statistics.median(rates[name]):.0f}/s" for name in (after, before)]
            what = f"an official's step, {at_once} at once: {after} / {before}"
            figures.append(Figure(what, Spread.of_ratios(rates[after], rates[before]), *sides))
            print(line(figures[-1].cells))
    return figures


@asynccontextmanager
async def nothing():
    yield


async def step(api: Api, dossier_id: str) -> None:
    await transition(HOA, dossier_id, "start_processing", reason=None, now=api.parts.clock.now())


async def cost_of_a_bump(api: Api) -> None:
    print("\na bump, milliseconds, one after the other")
    feeds = api.parts.sync.feeds
    for size in (0, 50, 5_000, MAX_ITEMS - 300):
        citizen = f"bench-{size}"
        many = [changed(citizen, f"{n:026}") for n in range(size)]
        for start in range(0, size, 2_000):
            items = {f"dossier:{c.item}": {"s": start + k + 1, "v": 1} for k, c in enumerate(many[start : start + 2_000])}
            await api.parts.db["sync_feeds"].update_one(
                {"_id": citizen},
                [
                    {"$set": {"seq": start + len(items), "floor": 0, "epoch": "bench", "size": start + len(items)}},
                    {"$set": {"items": {"$mergeObjects": ["$items", {"$literal": items}]}}},
                ],
                upsert=True,
            )
        took = []
        for _ in range(60):
            began = time.perf_counter()
            await feeds.hear(changed(citizen, new_id()))
            took.append((time.perf_counter() - began) * 1000)
        known = changed(citizen, new_id())
        await feeds.hear(known)
        again = []
        for _ in range(60):
            began = time.perf_counter()
            await feeds.hear(known)
            again.append((time.perf_counter() - began) * 1000)
        print(f"  a feed of {size:>6,}: {statistics.median(took):6.2f}   told again: {statistics.median(again):6.2f}")


def changed(citizen: str, item: str) -> Changed:
    return Changed(at=datetime.now(UTC), what="dossier", item=item, version=1, concerns=(citizen,))


async def cost_of_asking(api: Api) -> None:
    print("\nover HTTP, requests a second, eight at once")
    whole = await api.get("lan", "/v1/sync")
    token = whole.json()["nextSince"]
    etag = (await api.get("lan", f"/v1/sync?since={token}")).headers["etag"]
    questions = {
        "unchanged, 304": lambda _: api.get("lan", f"/v1/sync?since={token}", headers={"if-none-match": etag}),
        "snapshot of everything": lambda _: api.get("lan", "/v1/sync"),
    }
    for name, ask in questions.items():
        await timed(ask, 50, 8)
        print(f"  {name:<24}{statistics.median([await timed(ask, 200, 8) for _ in range(5)]):>8.0f}/s")


async def measure(rounds: int) -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        async with await Mongod.start(Path(folder)) as mongod, running_api(mongod.uri, TestClock(datetime.now(UTC))) as api:
            await fill(api)
            figures = await bytes_of(api)
            await cost_of_asking(api)
            await cost_of_a_bump(api)
            return figures + await cost_of_a_change(api, rounds)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=12)
    asyncio.run(measure(parser.parse_args().rounds))
