"""kill -9 of the API and the worker between commit and push: what was acknowledged is there, what was promised arrives, once."""

import asyncio
import os
import signal
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from notifications.delivery.queue import LEASE
from tests.faults.scene import PDF, RESULT_READY, Scene, scene, until
from tests.support.feed import ago, new_code
from tests.support.live_world import LiveWorld

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(240)]

HELD_MS = 2_000
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@pytest.fixture
async def mai(anyio_backend: str, live_world: LiveWorld) -> AsyncIterator[Scene]:
    async with scene(live_world, "mai") as opened:
        yield opened


@pytest.fixture
async def hung(anyio_backend: str, live_world: LiveWorld) -> AsyncIterator[Scene]:
    async with scene(live_world, "hung") as opened:
        yield opened


@pytest.fixture
async def khoa(anyio_backend: str, live_world: LiveWorld) -> AsyncIterator[Scene]:
    async with scene(live_world, "khoa") as opened:
        yield opened


@pytest.mark.proves("I7", "I9")
async def test_a_push_that_dies_with_its_worker_is_sent_by_the_next_and_shows_once(mai: Scene) -> None:
    dossier_id = await in_process(mai)
    lost, late = await mai.phone(), await mai.phone()
    await mai.arm(lost, delayMs=HELD_MS, dropConnection="before")
    await mai.arm(late, delayMs=HELD_MS)

    await mai.publish(dossier_id)
    await until(lambda: both_on_their_way(mai, lost, late), "both pushes are on their way")
    await mai.killed("worker")

    deliveries = await until(lambda: all_ended(mai, 2, dossier_id), "the lease runs out", LEASE.total_seconds() + 30)
    assert {(d["state"], d["tries"]) for d in deliveries} == {("sent", 2)}
    for phone, messages in ((lost, 1), (late, 2)):
        assert len(await results_received(mai, phone)) == messages
        assert len(await mai.alerts(phone)) == 1


@pytest.mark.proves("I2", "I3")
async def test_a_result_acknowledged_by_an_api_that_dies_before_anybody_was_told_is_there_and_is_told_once(hung: Scene) -> None:
    dossier_id = await in_process(hung)
    phone = await hung.phone()
    frozen = hung.freeze_worker()
    try:
        await hung.publish(dossier_id)
        await hung.killed("api")
        dossier = await hung.citizen.get(f"/v1/dossiers/{dossier_id}")
        assert dossier["status"]["name"] == "finished"
        assert await hung.citizen.download(dossier["result"]["href"]) == PDF
        assert await hung.sends(phone) == []
    finally:
        # Its successor begins with a change stream that knows nothing of the commit.
        os.kill(frozen, signal.SIGKILL)

    await until(lambda: hung.alerts(phone), "the push arrives")
    [delivery] = await until(lambda: all_ended(hung, 1, dossier_id), "the delivery ends")
    assert (delivery["state"], delivery["tries"]) == ("sent", 1)
    assert len(await hung.received(phone)) == 1


@pytest.mark.proves("I1", "I2", "I4", "I9")
async def test_whoever_dies_however_often_every_event_is_told_once_to_every_phone(khoa: Scene) -> None:
    phones = [await khoa.phone(platform) for platform in ("android", "ios")]
    codes = [new_code() for _ in range(60)]
    events = [
        khoa.told(code, status, ago(minutes=minutes))
        for code in codes
        for status, minutes in (("accepted", 2), ("awaiting_papers", 1))
    ]
    telling = asyncio.create_task(khoa.tell(*events))
    await until(lambda: khoa.db["dossiers"].find_one({"code": {"$in": codes}}), "the first dossier is stored")
    await khoa.killed("api")
    answers = await telling
    assert {answer["outcome"] for answer in answers} <= {"applied", "duplicate"}
    for sends in (10, 40):
        await until(partial(at_least, sends, khoa, *phones), f"{sends} pushes were sent")
        await khoa.killed("worker")
    await let_leases_run_out(khoa)

    dossiers = {answer["dossierId"] for answer in answers}
    deliveries = await until(lambda: all_ended(khoa, 2 * len(codes), *dossiers), "every delivery ends")
    stored = await khoa.db["dossiers"].find({"code": {"$in": codes}}).to_list()
    assert Counter(len(dossier["timeline"]) for dossier in stored) == {2: len(codes)}
    assert {row["_id"] for row in stored} == dossiers
    # What a newer notice about the same dossier covers is not sent (I13); the newer one always is.
    assert {(delivery["state"], delivery.get("reason")) for delivery in deliveries} <= {
        ("sent", None),
        ("suppressed", "superseded"),
    }
    assert {d["state"] for d in deliveries if d["message"] == "dossier.needs_papers"} == {"sent"}
    assert set(Counter(delivery["notice"] for delivery in deliveries).values()) == {len(phones)}
    for phone in phones:
        mine = [d for d in deliveries if d["installation"] == phone["installationId"] and d["state"] == "sent"]
        assert Counter(await khoa.alerts(phone)) == Counter(d["notice"] for d in mine)


async def in_process(scene: Scene) -> str:
    """A dossier of this citizen's that waits for its result."""
    told = scene.told(code := new_code(), "accepted", ago(minutes=2)), scene.told(code, "processing", ago(minutes=1))
    answers = await scene.tell(*told)
    assert [answer["outcome"] for answer in answers] == ["applied", "applied"]
    return str(answers[0]["dossierId"])


async def both_on_their_way(scene: Scene, *phones: dict[str, Any]) -> bool:
    """Firebase has begun to take a message for each, and has answered none."""
    sends = await scene.sends(*phones)
    return len(sends) == len(phones) and not any("status" in entry for entry in sends)


async def at_least(sends: int, scene: Scene, *phones: dict[str, Any]) -> bool:
    return len(await scene.sends(*phones)) >= sends


async def all_ended(scene: Scene, expected: int, *dossier_ids: str) -> list[dict[str, Any]] | None:
    """The deliveries of these dossiers, once there are so many and none is on its way any more."""
    deliveries = await scene.deliveries(*dossier_ids)
    ended = len(deliveries) >= expected and all(delivery["state"] != "pending" for delivery in deliveries)
    return deliveries if ended else None


async def results_received(scene: Scene, phone: dict[str, Any]) -> list[dict[str, Any]]:
    return [m for m in await scene.received(phone) if m["message"]["data"]["category"] == RESULT_READY["category"]]


async def let_leases_run_out(scene: Scene) -> None:
    """As if the leases of the dead were over; one test that really waits for it is enough."""
    await scene.db["deliveries"].update_many({"state": "pending", "lease": {"$exists": True}}, {"$set": {"due": LONG_AGO}})
    await scene.db["dossiers"].update_many({"relay.until": {"$exists": True}}, {"$set": {"relay.until": LONG_AGO}})
