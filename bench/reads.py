"""The hot read path with either driver behind the same door (ADR 0001).

    python -m bench.reads [--rounds 30]

Both drivers answer the same questions of the same database in alternating rounds in one process; a whole dossier comes with its
citizen's name, which is sealed under the citizen's key and opened on the way. Printed are medians, and the
median of the paired ratios with its quartiles, since the machines this runs on are noisy.
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
from kernel.mongo.client import connect
from kernel.mongo.reads import MotorReads, PyMongoReads, Reads
from kernel.principal import Principal
from kernel.privacy.field import Plain
from kernel.privacy.vault import Vault

CITIZENS, DOSSIERS_EACH, AT_ONCE, PER_ROUND = 200, 50, 8, 200


async def rows(vault: Vault) -> list[dict]:
    names = [await vault.seal(f"s{n}", Plain("Nguyễn Thị Lan")) for n in range(CITIZENS)]
    start = datetime(2026, 1, 5, tzinfo=UTC)
    return [
        {
            "_id": f"d{n:05}", "code": f"H12.13-260105-{n:04}", "procedure_code": "1.001193", "procedure_name": "Đăng ký khai sinh",
            "applicant": f"s{n % CITIZENS}", "applicant_name": names[n % CITIZENS], "receiving_agency": "H12.13",
            "deciding_agency": "H12.15", "submit_channel": "counter", "status": "processing",
            "status_at": start + timedelta(minutes=n), "due_at": start + timedelta(days=9), "version": 3, "search": ["khai"],
            "timeline": [
                {"key": f"s:{n}-{k}", "at": start, "recorded_at": start, "status": "processing", "source": "s", "irregular": False}
                for k in range(6)
            ],
        }
        for n in range(CITIZENS * DOSSIERS_EACH)
    ]  # fmt: skip


async def timed(work: Callable[[int], Awaitable[object]]) -> float:
    """Milliseconds of one call, with eight in flight."""
    started, room = time.perf_counter(), asyncio.Semaphore(AT_ONCE)

    async def one(n: int) -> None:
        async with room:
            await work(n)

    await asyncio.gather(*(one(n) for n in range(PER_ROUND)))
    return (time.perf_counter() - started) * 1000 / PER_ROUND


def citizen(n: int) -> Principal:
    return Principal(id=f"p{n}", kind="citizen", client_id="bench", citizen_key=f"s{n % CITIZENS}")


async def measure(rounds: int) -> list[Figure]:
    figures = []
    with tempfile.TemporaryDirectory() as folder:
        async with await Mongod.start(Path(folder)) as mongod:
            client = connect(mongod.uri)
            db = client["bench"]
            vault = Vault(client, "bench_keys", providers={"local": {"key": secrets.token_bytes(96)}}, provider="local")
            await vault.prepare()
            await db["dossiers"].insert_many(await rows(vault))
            await db["dossiers"].create_index([("applicant", 1), ("status_at", -1), ("_id", -1)])
            doors: dict[str, Reads] = {"pymongo": PyMongoReads(db, vault), "motor": MotorReads(mongod.uri, "bench", vault)}
            questions: dict[str, Callable[[Reads], Callable[[int], Awaitable[object]]]] = {
                "a page of 20 dossiers": lambda door: lambda n: queries.page_of_dossiers(door, citizen(n), limit=20, cursor=None),
                "one whole dossier": lambda door: lambda n: queries.one_dossier(door, citizen(n), f"d{n % CITIZENS:05}"),
            }
            for name, ask in questions.items():
                for door in doors.values():
                    await timed(ask(door))
                took: dict[str, list[float]] = {driver: [] for driver in doors}
                for n in range(rounds):
                    for driver in sorted(doors, reverse=bool(n % 2)):
                        took[driver].append(await timed(ask(doors[driver])))
                sides = [f"{statistics.median(took[driver]):.2f} ms" for driver in ("pymongo", "motor")]
                ratio = Spread.of_ratios(took["pymongo"], took["motor"])
                figures.append(Figure(f"{name}, {AT_ONCE} at once: PyMongo's time / Motor's, clock", ratio, *sides))
                print(line(figures[-1].cells))
            for door in doors.values():
                await door.close()
            await vault.close()
            await client.close()
    return figures


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=30)
    asyncio.run(measure(parser.parse_args().rounds))
