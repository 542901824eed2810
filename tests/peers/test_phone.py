"""What apps for phones are built with, and none of ours: tus-js-client over a line that is cut, eventsource over one that drops."""

import asyncio
import hashlib
import json
from asyncio.subprocess import PIPE, Process
from pathlib import Path

import pytest

from kernel.ids import new_id
from tests.peers.node import environment, modules, script
from tests.support.api import Api
from tests.support.cutting_proxy import cutting_proxy
from tests.support.feed import event, new_code
from tests.support.samples import photo
from tests.support.tus import checked

PROGRAMS = Path(__file__).parent / "phone"
CUT_AFTER = 300_000
SENT_TWICE_AT_MOST = 1.05
PATIENCE_S = 30


async def running(program: str, *arguments: str) -> Process:
    modules()
    command = [*script(str(PROGRAMS / program)), *arguments]
    return await asyncio.create_subprocess_exec(*command, env=environment(), stdout=PIPE, stderr=PIPE)


async def token_of(api: Api, who: str) -> str:
    return (await api.bearer(who))["authorization"].removeprefix("Bearer ")


@pytest.mark.proves("R-A4")
async def test_tus_js_client_brings_a_photo_whole_over_a_line_that_is_cut_again_and_again(api: Api, tmp_path: Path) -> None:
    content = photo(3.0)
    file = tmp_path / "photo.jpg"
    file.write_bytes(content)
    async with cutting_proxy(api.url, cut_after=CUT_AFTER) as proxy:
        told = (f"{proxy.url}/v1/uploads", await token_of(api, "lan"), str(file), f'"{new_id()}"')
        client = await running("upload.mjs", *told)
        out, complaint = await client.communicate()
        assert client.returncode == 0, complaint.decode()
        assert proxy.cuts >= len(content) // CUT_AFTER
    receipt = await checked(api, "lan", out.decode().strip().removeprefix(proxy.url))
    assert (receipt["sha256"], receipt["size"]) == (hashlib.sha256(content).hexdigest(), len(content))
    assert receipt["state"]["name"] == "ready", receipt
    assert proxy.sent / len(content) < SENT_TWICE_AT_MOST, proxy.sent


@pytest.mark.proves("R-B4")
async def test_eventsource_hears_after_a_dropped_line_what_changed_meanwhile(api: Api) -> None:
    async with cutting_proxy(api.url) as proxy:
        client = await running("follow.mjs", f"{proxy.url}/v1/events", await token_of(api, "lan"))
        assert client.stdout

        async def hears() -> list[str]:
            async with asyncio.timeout(PATIENCE_S):
                return (await client.stdout.readline()).decode().split(" ", 2)  # type: ignore[union-attr]

        assert await hears() == ["open\n"]
        await api.told(event(new_code()))
        name, first, data = await hears()
        assert (name, json.loads(data)) == ("changed", {"types": ["dossier"]})
        await proxy.drop()
        await api.told(event(new_code()))
        assert await hears() == ["open\n"]
        name, second, data = await hears()
        assert (name, json.loads(data)) == ("changed", {"types": ["dossier"]})
        assert second != first
        client.kill()
        await client.wait()
