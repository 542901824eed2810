"""What sealing costs a reader of the API: `GET /v1/dossiers/{id}` of a dossier with sealed personal fields, beside a plain twin.

    python -m bench.personal_http [--rounds 30]

One API, one database, one run: the twins lie in one collection and are asked for in alternating rounds over kept connections, by a
client that does as little as possible. Printed are medians, and the median of the paired ratios with its quartiles: of time that
passed, and of processor time of API and client (others at work on the machine trouble that less); then where the time of a sealed
read goes. `PYMONGOCRYPT_LIB` may name a libmongocrypt with native crypto.
"""

import argparse
import asyncio
import cProfile
import io
import pstats
import statistics
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from pymongocrypt.binding import lib, libmongocrypt_version

from backend.dev.mongod import Mongod
from bench.figures import Figure, Spread, line
from bench.personal import dossier
from kernel.clock import TestClock
from kernel.privacy.field import Plain
from kernel.privacy.walk import each, replaced
from kernel.telemetry import logs
from tests.support.api import Api, running_api
from tests.support.callers import NUMBERS

DOSSIERS, PER_ROUND, TARGET = 50, 80, 1.15


class Line:
    """One kept connection, and no more of HTTP than this needs."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: str) -> None:
        self._reader, self._writer, self._head = reader, writer, head

    @classmethod
    async def open(cls, api: Api, who: str) -> "Line":
        where = urlsplit(api.url)
        token = (await api.bearer(who))["authorization"]
        head = f"host: {where.netloc}\r\nauthorization: {token}\r\n\r\n"
        return cls(*await asyncio.open_connection(where.hostname, where.port), head)

    async def get(self, path: str) -> bytes:
        self._writer.write(f"GET {path} HTTP/1.1\r\n{self._head}".encode())
        head = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        assert head.startswith(b"http/1.1 200"), head
        length = int(head.partition(b"content-length:")[2].split(b"\r\n", 1)[0])
        return await self._reader.readexactly(length)

    def close(self) -> None:
        self._writer.close()


async def timed(lines: Sequence[Line], paths: Sequence[str]) -> tuple[float, float]:
    """Milliseconds of one request, by the clock and of the processor, with as many in flight as there are lines."""
    started, worked = time.perf_counter(), time.process_time()

    async def one(line: Line, own: Sequence[str]) -> None:
        for path in own:
            await line.get(path)

    await asyncio.gather(*(one(line, paths[n :: len(lines)]) for n, line in enumerate(lines)))
    passed, work = time.perf_counter() - started, time.process_time() - worked
    return passed * 1000 / len(paths), work * 1000 / len(paths)


async def twins(api: Api) -> int:
    """Fill in dossiers of Lan, sealed and plain; answers how many sealed values her view of one opens."""
    subject, rows = await api.parts.subjects.of(NUMBERS["lan"]), []
    for n in range(DOSSIERS):
        plain = {**dossier(n), "applicant": subject}
        rows.append(await api.parts.vault.seal(subject, {**plain, "_id": f"sealed-{n}", "code": f"S-{n}"} | keyed(plain, "s")))
        rows.append(replaced({**plain, "_id": f"plain-{n}", "code": f"P-{n}"} | keyed(plain, "p"), Plain, Plain.reveal))
    await api.parts.db["dossiers"].insert_many(rows)
    return len(each({**dossier(0), "applicant_name": None, "result": {"name": Plain("")}}, Plain))


def keyed(row: dict, mark: str) -> dict:
    """Timeline keys are unique across dossiers."""
    return {"timeline": [{**entry, "key": f"{mark}{entry['key']}"} for entry in row["timeline"]]}


async def side_by_side(api: Api, who: str, path: str, rounds: int) -> list[Figure]:
    figures = []
    for at_once in (1, 8):
        lines = [await Line.open(api, who) for _ in range(at_once)]
        took: dict[str, list[tuple[float, float]]] = {"sealed": [], "plain": []}
        for n in range(-1, rounds):
            for kind in sorted(took, reverse=bool(n % 2)):
                both = await timed(lines, [f"{path}/{kind}-{k % DOSSIERS}" for k in range(PER_ROUND)])
                if n >= 0:
                    took[kind].append(both)
        for kept in lines:
            kept.close()
        for number, what in enumerate(("clock", "processor")):
            sealed, plain = ([both[number] for both in took[kind]] for kind in ("sealed", "plain"))
            sides = [f"{statistics.median(side):.2f} ms" for side in (sealed, plain)]
            asked = f"GET {path}/{{id}}, {at_once} at once: sealed / plain, {what}"
            figures.append(Figure(asked, Spread.of_ratios(sealed, plain), *sides, most=TARGET))
            print(line(figures[-1].cells))
    return figures


async def where_it_goes(api: Api) -> None:
    """The share of a sealed read that opening takes, by a profile of the server's thread."""
    line = await Line.open(api, "lan")
    profile = cProfile.Profile()
    profile.enable()
    for n in range(PER_ROUND):
        await line.get(f"/v1/dossiers/sealed-{n % DOSSIERS}")
    profile.disable()
    line.close()
    stats = pstats.Stats(profile, stream=io.StringIO())
    whole = stats.total_tt  # type: ignore[attr-defined]
    wanted = (
        "kernel/privacy/vault.py",
        "kernel/privacy/walk.py",
        "kernel/privacy/batch.py",
        "pymongocrypt",
        "cryptography",
        "cffi",
    )
    own = {name: sum(row[2] for (file, _, _), row in stats.stats.items() if name in file) for name in wanted}  # type: ignore[attr-defined]
    told = ", ".join(f"{name} {share / whole:.0%}" for name, share in own.items())
    print(f"of a profiled sealed read ({whole * 1000 / PER_ROUND:.2f} ms): {told}")


async def measure(rounds: int) -> list[Figure]:
    logs.configure(as_json=True, level="ERROR")
    with tempfile.TemporaryDirectory() as folder:
        async with await Mongod.start(Path(folder)) as mongod, running_api(mongod.uri, TestClock(datetime.now(UTC))) as api:
            opened = await twins(api)
            # The vault trusts a key for ten seconds; the clock of a round is the machine's, so that is in the figures.
            native = getattr(lib, "mongocrypt_is_crypto_available", bool)()
            crypto = "native crypto" if native else "called back into Python"
            print(f"medians and quartiles, {rounds} rounds; libmongocrypt {libmongocrypt_version()}, {crypto}")
            print(f"a citizen's view of one dossier opens {opened} sealed values")
            figures = await side_by_side(api, "lan", "/v1/dossiers", rounds)
            figures += await side_by_side(api, "hoa", "/v1/staff/dossiers", max(4, rounds // 3))
            await where_it_goes(api)
    return figures


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=30)
    asyncio.run(measure(parser.parse_args().rounds))
