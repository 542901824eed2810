"""`motcua up` ends, by Ctrl-C or by kill -9: nobody is left behind, and the next one takes up where it ended."""

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from backend.dev.remembered import FILE
from kernel.mongo.client import connect
from tests.faults.processes import Process, descendants
from tests.faults.scene import scene, until
from tests.support.feed import ago, new_code
from tests.support.live_world import LiveWorld

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.timeout(240),
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent, and has /proc"),
]

FAMILY = ("mongod", "backend serve", "backend worker")
SECOND_START_S = 20.0


async def test_ctrl_c_while_the_demo_is_being_told_leaves_no_process(tmp_path: Path) -> None:
    world = LiveWorld(tmp_path)
    world.begin()
    try:
        await until(lambda: telling(world), "the demo is being told")
        family = await whole_family(world)
    finally:
        world.end()
    assert family
    assert world.process.returncode == 0
    assert not world.file.exists()
    await all_gone(family)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT], ids=["kill -9", "Ctrl-C"])
async def test_no_process_outlives_up_and_the_next_one_has_everything_and_tells_nothing_again(
    live_world: LiveWorld, how: signal.Signals
) -> None:
    family = await until(lambda: whole_family(live_world), "everybody is there")
    async with scene(live_world, "lan") as told:
        await told.tell(told.told(new_code(), "accepted", ago(minutes=1)))
    dossiers, events, _ = await content(live_world)

    live_world.end(how)
    await all_gone(family)
    started = time.monotonic()
    live_world.start()

    assert time.monotonic() - started < SECOND_START_S
    after = await content(live_world)
    assert after[:2] == (dossiers, events)
    assert after[2] < dossiers / 2, "telling a dossier again would have asked for it"


async def telling(world: LiveWorld) -> bool:
    """Has it begun to tell the demo's events? It writes down up to which moment before it tells the first."""
    file = world.data_dir / FILE
    return file.exists() and '"demo_until": "' in file.read_text(encoding="utf-8")


async def whole_family(world: LiveWorld) -> list[Process] | None:
    """Everybody whom `up` has started, once nobody is missing."""
    found = descendants(world.process.pid)
    there = all(any(name in process.command for process in found) for name in FAMILY)
    return found if there else None


async def all_gone(family: list[Process]) -> None:
    """Within seconds nobody is left; who is, does not stay."""

    async def nobody() -> bool:
        return not any(process.alive for process in family)

    try:
        await until(nobody, "everybody is gone", 10)
    finally:
        for process in family:
            if process.alive:
                os.kill(process.pid, signal.SIGKILL)


async def content(world: LiveWorld) -> tuple[int, int, int]:
    """How many dossiers there are, how many events in them, and how many questions this life of the database was asked."""
    async with connect(world.facts["mongodb_uri"]) as client:
        dossiers = client["motcua"]["dossiers"]
        pipeline = [{"$group": {"_id": None, "events": {"$sum": {"$size": "$timeline"}}}}]
        [total] = await (await dossiers.aggregate(pipeline)).to_list()
        status = await client.admin.command("serverStatus")
        return await dossiers.count_documents({}), int(total["events"]), int(status["opcounters"]["query"])
