"""A photo of 5 MB over a line that is cut again and again: how many bytes are sent for one that is wanted (R-A4).

    python -m bench.uploads [--cut-after 300000]

The client is tuspy, the line a TCP proxy that counts what goes up and aborts every connection after so many bytes,
headers included.
"""

import argparse
import asyncio
import hashlib
import io
import logging
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import structlog
from tusclient.client import TusClient

from backend.dev.mongod import Mongod
from bench.figures import Figure, Spread
from kernel.clock import TestClock
from tests.support.api import Api, running_api
from tests.support.cutting_proxy import cutting_proxy
from tests.support.samples import photo
from tests.support.tus import checked, key

MEGABYTES = 5.0


async def one(api: Api, content: bytes, cut_after: int | None) -> float:
    """Bytes sent for each one of the photo."""
    async with cutting_proxy(api.url, cut_after=cut_after) as proxy:
        client = TusClient(f"{proxy.url}/v1/uploads", headers={**await api.bearer("lan"), **key()})
        uploader = client.uploader(file_stream=io.BytesIO(content), metadata={"filename": "a.jpg"}, retries=1_000, retry_delay=0)
        started = time.perf_counter()
        await asyncio.to_thread(uploader.upload)
        took = time.perf_counter() - started
        receipt = await checked(api, "lan", str(uploader.url).removeprefix(proxy.url))
        ready = time.perf_counter() - started
    whole = receipt["sha256"] == hashlib.sha256(content).hexdigest()
    line = "never cut" if cut_after is None else f"cut every {cut_after / 1000:.0f} kB"
    print(
        f"{line:18} {proxy.cuts:5} cuts   {proxy.sent:10,} bytes sent   {proxy.sent / len(content):6.3f} per byte"
        f"   {took:6.2f} s   {ready:6.2f} s until checked   {'whole' if whole else 'BROKEN'}"
    )
    assert whole
    return proxy.sent / len(content)


async def measure(rounds: int, cut_after: int = 300_000) -> list[Figure]:
    content = photo(MEGABYTES)
    print(f"a photo of {len(content):,} bytes")
    with tempfile.TemporaryDirectory(prefix="motcua-bench-") as folder:
        mongod = await Mongod.start(Path(folder))
        async with running_api(mongod.uri, TestClock(datetime.now(UTC))) as api:
            for line in (None, 4 * cut_after, cut_after // 4):
                await one(api, content, line)
            sent = [await one(api, content, cut_after) for _ in range(rounds)]
        await mongod.stop()
    what = f"a photo of 5 MB, cut every {cut_after / 1000:.0f} kB: sent for each byte"
    return [Figure(what, Spread.of(sent), most=1.05)]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--cut-after", type=int, default=300_000)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    asyncio.run(measure(3, parser.parse_args().cut_after))
