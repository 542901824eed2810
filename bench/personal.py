"""What sealing costs a reader: a dossier with its personal fields sealed beside the same one in the clear (ADR 0011).

    python -m bench.personal [--rounds 30]

Both lie in one database and are read through one door in alternating rounds in one process. Printed are medians, and the median of
the paired ratios with its quartiles. Then a page of fifty rows of fifty citizens: by a process that has seen none of the keys, and
again by one that has.
"""

import argparse
import asyncio
import secrets
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from backend.dev.mongod import Mongod
from backend.dossiers import queries
from bench.figures import Figure, Spread, line
from kernel.mongo.client import Client, connect
from kernel.mongo.reads import PyMongoReads, Reads
from kernel.principal import Principal
from kernel.privacy.field import Plain
from kernel.privacy.vault import Vault
from kernel.privacy.walk import replaced

CITIZENS, AT_ONCE, PER_ROUND, PAGE = 200, 8, 200, 50
DESK = Principal(id="p", kind="staff", client_id="bench", agencies=frozenset({"H12.15"}))


def dossier(n: int) -> dict:
    start = datetime(2026, 1, 5, tzinfo=UTC)
    return {
        "_id": f"d{n:05}", "code": f"H12.13-260105-{n:04}", "procedure_code": "1.001193", "procedure_name": "Đăng ký khai sinh",
        "applicant": f"s_{n}", "applicant_name": Plain("Nguyễn Thị Lan"), "receiving_agency": "H12.13",
        "deciding_agency": "H12.15", "submit_channel": "counter", "status": "processing",
        "status_at": start + timedelta(minutes=n), "due_at": start + timedelta(days=9), "version": 3, "search": ["lan"],
        "timeline": [
            {"key": f"s:{n}-{k}", "at": start, "recorded_at": start, "status": "processing", "source": "s", "irregular": False,
             **({"note": Plain("Chuyển phòng chuyên môn xử lý")} if k % 3 == 0 else {})}
            for k in range(6)
        ],
        "result": {"id": f"f{n}", "name": Plain("ket-qua.pdf"), "key": Plain("x" * 44), "media_type": "application/pdf",
                   "size": 1, "sha256": "0" * 64, "stored_at": start},
    }  # fmt: skip


async def timed(work: Callable[[int], Awaitable[object]], many: int = PER_ROUND, at_once: int = AT_ONCE) -> float:
    """Milliseconds of one call, with so many in flight."""
    started, room = time.perf_counter(), asyncio.Semaphore(at_once)

    async def one(n: int) -> None:
        async with room:
            await work(n)

    await asyncio.gather(*(one(n) for n in range(many)))
    return (time.perf_counter() - started) * 1000 / many


async def one_dossier(sealed: Reads, plain: Reads, rounds: int) -> list[Figure]:
    figures = []
    for at_once in (1, AT_ONCE):
        took: dict[str, list[float]] = {"sealed": [], "plain": []}
        for n in range(-1, rounds):
            for name, door in sorted({"sealed": sealed, "plain": plain}.items(), reverse=bool(n % 2)):
                ms = await timed(lambda k, door=door: queries.one_dossier(door, DESK, f"d{k % CITIZENS:05}"), at_once=at_once)
                if n >= 0:
                    took[name].append(ms)
        ratio, sides = Spread.of_ratios(took["sealed"], took["plain"]), [f"{statistics.median(took[n]):.2f} ms" for n in took]
        figures.append(Figure(f"a dossier read, {at_once} at once: sealed / plain, clock", ratio, *sides, most=1.15))
    return figures


async def page_of_fifty(client: Client, new_vault: Callable[[], Vault], rounds: int) -> list[Figure]:
    """Cold is the opening by a vault that has just been made; the reading of the rows is not in it."""
    cold, warm = [], []
    rows = await client["bench"]["dossiers"].find({}, {"applicant_name": 1}).limit(PAGE).to_list()
    for _ in range(rounds):
        vault = new_vault()
        for took in (cold, warm):
            started = time.perf_counter()
            await vault.open(rows)
            took.append((time.perf_counter() - started) * 1000)
        await vault.close()
    what = f"{PAGE} names under {PAGE} keys"
    return [Figure(f"{what}, cold, ms", Spread.of(cold), most=25), Figure(f"{what}, warm, ms", Spread.of(warm), most=5)]


async def measure(rounds: int) -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        async with await Mongod.start(Path(folder)) as mongod, connect(mongod.uri) as client:
            providers = {"local": {"key": secrets.token_bytes(96)}}

            def new_vault() -> Vault:
                return Vault(client, "bench_keys", providers=providers, provider="local")

            vault = new_vault()
            await vault.prepare()
            rows = [dossier(n) for n in range(CITIZENS)]
            await client["bench"]["dossiers"].insert_many([await vault.seal(row["applicant"], row) for row in rows])
            await client["bench_plain"]["dossiers"].insert_many([replaced(row, Plain, Plain.reveal) for row in rows])
            sealed, plain = (PyMongoReads(client[name], vault) for name in ("bench", "bench_plain"))
            print(f"medians and quartiles, {rounds} rounds")
            figures = await one_dossier(sealed, plain, rounds) + await page_of_fifty(client, new_vault, rounds)
            await vault.close()
    for figure in figures:
        print(line(figure.cells))
    return figures


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=30)
    asyncio.run(measure(parser.parse_args().rounds))
