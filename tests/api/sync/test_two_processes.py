"""A change made by one process is told by another; and a process that is told to stop sends its listeners home at once."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import httpx2
import pytest
from httpx_sse import aconnect_sse

from backend.dev.sockets import free_port
from tests.support.api import Api
from tests.support.feed import event, new_code
from tests.support.waiting import until

pytestmark = pytest.mark.proves("R-B4")

ROOT = Path(__file__).parents[3]
PATIENCE_S = 60


@asynccontextmanager
async def another_process(api: Api, *options: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """`motcua serve` over the same database, with the same secrets."""
    port = free_port()
    settings = api.parts.settings
    environ = {name: value for name, value in os.environ.items() if not name.startswith("MOTCUA_")}
    environ |= {
        "MOTCUA_MONGODB_URI": settings.mongodb_uri,
        "MOTCUA_DATABASE": settings.database,
        "MOTCUA_PUBLIC_URL": settings.public_url,
        "MOTCUA_CLIENTS_FILE": str(settings.clients_file),
        "MOTCUA_PORT": str(port),
        # They count in one window, and have to count alike.
        "MOTCUA_LIMITS_SCALE": str(settings.limits_scale),
        "MOTCUA_LOG_LEVEL": "WARNING",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "backend", "serve", *options, cwd=ROOT, env=environ, stdout=asyncio.subprocess.DEVNULL
    )
    url = f"http://127.0.0.1:{port}"
    try:

        async def answers() -> bool:
            try:
                return (await api.http.get(f"{url}/health/ready")).is_success
            except httpx2.TransportError:
                return False

        await until(answers, patience_s=PATIENCE_S)
        yield process, url
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@pytest.mark.parametrize("options", [(), ("--workers", "2")])
async def test_what_one_process_changes_another_tells_and_stopping_it_ends_its_streams(api: Api, options: tuple[str, ...]) -> None:
    async with (
        another_process(api, *options) as (process, url),
        httpx.AsyncClient(base_url=url, timeout=PATIENCE_S, headers=await api.bearer("lan")) as client,
        aconnect_sse(client, "GET", "/v1/events") as source,
    ):
        events = source.aiter_sse()
        async with asyncio.timeout(PATIENCE_S):
            assert (await anext(events)).retry == 3_000
            assert (await anext(events)).id
            dossier = await api.told(event(new_code()))
            found = await anext(events)
        assert (found.event, found.data) == ("changed", '{"types":["dossier"]}')
        page = await client.get("/v1/sync")
        assert dossier in page.text
        here = await api.get("lan", "/v1/sync", params={"since": page.json()["nextSince"]})
        assert here.json()["changes"] == {}, "a token is good in every process"
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(PATIENCE_S):
            async for found in events:
                assert found.event != "reauth", "nobody has to sign in again because a process stops"
            await process.wait()
        assert time.monotonic() - began < 8, "it waited for a stream that never ends"
