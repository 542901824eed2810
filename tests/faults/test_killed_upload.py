"""kill -9 in the middle of an upload: what HEAD then says is stored, and the rest is all that has to be sent again."""

import asyncio
import hashlib
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import httpx2
import pytest

from backend.dev.sockets import free_port
from tests.faults.scene import until
from tests.support.api import Api
from tests.support.live_world import ROOT, environment
from tests.support.samples import photo
from tests.support.tus import BYTES, TUS, begun, checked, offset_of, sent

pytestmark = pytest.mark.proves("R-A4")
SENT = 2_000_000


@contextmanager
def server_process(api: Api) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """`motcua serve` over the same database as `api`, which knows the same tokens."""
    settings, port = api.parts.settings, free_port()
    variables = {
        "MOTCUA_MONGODB_URI": settings.mongodb_uri,
        "MOTCUA_DATABASE": settings.database,
        "MOTCUA_PUBLIC_URL": settings.public_url,
        "MOTCUA_CLIENTS_FILE": str(settings.clients_file),
        "MOTCUA_PORT": str(port),
        # They count in one window, and have to count alike.
        "MOTCUA_LIMITS_SCALE": str(settings.limits_scale),
    }
    command, quiet = [sys.executable, "-m", "backend", "serve"], subprocess.DEVNULL
    process = subprocess.Popen(command, cwd=ROOT, env={**environment(), **variables}, stdout=quiet, stderr=quiet)
    try:
        yield process, f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


async def test_what_was_stored_before_the_kill_is_not_sent_again(api: Api) -> None:
    content = photo(5.0)
    address = await begun(api, "lan", len(content), filename="a.jpg")
    killed = asyncio.Event()

    async def body() -> AsyncIterator[bytes]:
        for at in range(0, SENT, 50_000):
            yield content[at : at + 50_000]
        await killed.wait()
        # Only who writes learns that nobody is there any more.
        for at in range(SENT, len(content), 50_000):
            yield content[at : at + 50_000]

    with server_process(api) as (process, url):
        async with httpx2.AsyncClient(base_url=url, timeout=60) as http:

            async def answers() -> bool:
                try:
                    return (await http.get("/health/ready")).is_success
                except httpx2.TransportError:
                    return False

            await until(answers, "the server answers", 15)
            fields = {**TUS, **BYTES, **(await api.bearer("lan")), "upload-offset": "0"}
            sending = asyncio.create_task(http.patch(address, headers=fields, content=body()))

            async def half() -> bool:
                return await offset_of(api, "lan", address) >= SENT // 2

            await until(half, "half of it is stored", 10)
            process.kill()
            process.wait()
            killed.set()
            with pytest.raises(httpx2.TransportError):
                await sending
    stored = await offset_of(api, "lan", address)
    assert SENT // 2 <= stored <= SENT
    assert (await sent(api, "lan", address, stored, content[stored:])).status_code == 204
    receipt = await checked(api, "lan", address)
    assert receipt["sha256"] == hashlib.sha256(content).hexdigest()
    assert receipt["state"]["name"] == "ready"
