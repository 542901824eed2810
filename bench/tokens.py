"""What it costs to know who is asking: an access token seen for the first time, one seen before, and a proof of its key.

    python -m bench.tokens [--rounds 20]

Everything is real: keys and sessions in a database, tokens as they are given out. Printed are medians over the rounds of the mean
of a round, in microseconds. Issue 4 asks for less than 30 for a token that has been seen.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

from auth.tokens.dpop import Presented
from backend.app.clients_file import auth_config
from backend.dev.mongod import Mongod
from bench.figures import Figure, Spread, line
from kernel.clock import TestClock
from tests.support.callers import Callers
from tests.support.parts import open_parts
from tests.support.proofs import ProofMaker

SEEN, FIRST, PROOFS, TARGET_US = 5_000, 200, 200, 30.0


async def mean_us(work: Callable[[int], Awaitable[object]], many: int) -> float:
    """Microseconds of one call, one after the other."""
    started = time.perf_counter()
    for n in range(many):
        await work(n)
    return (time.perf_counter() - started) * 1e6 / many


async def in_a_database(uri: str, rounds: int) -> list[Figure]:
    clock = TestClock(datetime.now(UTC))
    async with open_parts(uri, clock) as parts:
        callers = Callers(parts, auth_config(parts.settings))
        citizen, official = await callers.token("lan"), await callers.token("minh")
        tokens = parts.auth.tokens
        url = f"{parts.settings.public_url}/v1/me"
        phone = ProofMaker(parts.settings.public_url, clock)

        async def anew(_: int) -> None:
            tokens._remembered.clear()  # noqa: SLF001 - as if it had never come
            await tokens.verify(citizen)

        async def prove(proof: bytes) -> None:
            await parts.auth.proofs.check([proof], Presented(method="GET", url=url, access_token=citizen))

        took: dict[str, list[float]] = {}
        for n in range(-1, rounds):
            made = [phone.proof("GET", "/v1/me", citizen).encode() for _ in range(PROOFS)]
            round_ = {
                "a citizen's token, seen before": await mean_us(lambda _: tokens.verify(citizen), SEEN),
                "an official's token, seen before": await mean_us(lambda _: tokens.verify(official), SEEN),
                "a token seen for the first time": await mean_us(anew, FIRST),
                "a proof of its key (DPoP)": await mean_us(lambda k, made=made: prove(made[k]), PROOFS),
            }
            for name, us in round_.items() if n >= 0 else ():
                took.setdefault(name, []).append(us)
        return [
            Figure(f"{name}, µs", Spread.of(values), most=TARGET_US if "seen before" in name else None)
            for name, values in took.items()
        ]


async def measure(rounds: int) -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="motcua-bench-") as data_dir:
        mongod = await Mongod.start(Path(data_dir))
        try:
            figures = await in_a_database(mongod.uri, rounds)
        finally:
            await mongod.stop()
    for figure in figures:
        print(line(figure.cells))
    return figures


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    asyncio.run(measure(parser.parse_args().rounds))
