"""The worker from end to end: an event in a dossier, a push on the phone, and a stop that leaves nothing half done."""

import asyncio
from pathlib import Path

import msgspec
import pytest

from backend.app import worker
from backend.app.parts import Parts, make_parts
from backend.dossiers.actions.record_events import record_events
from kernel.clock import TestClock
from notifications.documents import Delivery
from tests.support.feed import new_code, people, told
from tests.support.firebase import Firebase
from tests.support.notices import everybody, only_delivery, phone_of
from tests.support.waiting import until


@pytest.mark.proves("I8")
async def test_a_change_reaches_the_phone_and_the_worker_stops_when_told(
    parts: Parts, firebase: Firebase, clock: TestClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "letting_pushes_leave", everybody)
    phone = await phone_of(parts, firebase, await parts.subjects.of("096199000001"))
    await record_events([told(new_code(), "finished")], now=clock.now(), people=people(parts))
    file = tmp_path / "account.json"
    file.write_bytes((await firebase.http.get("/service-account.json")).content)
    settings = msgspec.structs.replace(
        parts.settings, clients_file=None, fcm_service_account=file, fcm_endpoint=str(firebase.http.base_url).rstrip("/")
    )
    stop = asyncio.Event()
    running = asyncio.create_task(worker.run(make_parts(settings, clock=clock), stop))
    visible = await until(phone.visible)
    stop.set()
    await running
    assert visible[0]["alert"]["titleLocKey"] == "dossier_result_ready_title"
    await parts.open()
    assert [delivery.state for delivery in await Delivery.find_all().to_list()] == ["sent"]
    assert await parts.db["dossiers"].count_documents({"outbox": {"$exists": True}}) == 0


async def test_without_firebase_events_are_heard_and_deliveries_wait(parts: Parts, firebase: Firebase, clock: TestClock) -> None:
    await phone_of(parts, firebase, await parts.subjects.of("096199000001"))
    await record_events([told(new_code(), "finished")], now=clock.now(), people=people(parts))
    stop = asyncio.Event()
    settings = msgspec.structs.replace(parts.settings, clients_file=None)
    running = asyncio.create_task(worker.run(make_parts(settings, clock=clock), stop))
    await until(lambda: parts.db["deliveries"].count_documents({}))
    stop.set()
    await running
    await parts.open()
    delivery = await only_delivery()
    assert (delivery.state, delivery.tries) == ("pending", 0)
