"""What monitoring sees of a sender."""

import time

import httpx2
import pytest
from prometheus_client import generate_latest

from backend.app.parts import Parts
from notifications.delivery.breaker import TRIPS_AFTER
from notifications.delivery.figures import Figures
from tests.support.firebase import Firebase
from tests.support.notices import a_notice, phone_of, post, sender


@pytest.mark.proves("I27")
async def test_the_figures_say_how_it_goes_and_nothing_of_anybody(parts: Parts, firebase: Firebase) -> None:
    phone = await phone_of(parts, firebase, platform="ios")
    worker, figures = sender(parts, firebase), Figures()
    worker.aftermath.heard = lambda outcome: figures.outcomes.labels(outcome).inc()
    await firebase.arm(detail="THIRD_PARTY_AUTH_ERROR")
    for n in range(TRIPS_AFTER):
        await post(parts, a_notice(link=f"/x/{n}"))
    await worker.drain()
    await post(parts, a_notice(link="/y"))
    await parts.db["deliveries"].update_many({"tries": 0, "attempts": []}, {"$set": {"lane": "normal"}})
    await figures.look(worker.permits, worker.aftermath, now_s=time.monotonic())
    said = generate_latest(figures.registry).decode()
    assert f'motcua_push_outcomes_total{{outcome="retry"}} {float(TRIPS_AFTER)}' in said
    assert 'motcua_push_breaker{breaker="ios"} 2.0' in said
    assert 'motcua_push_breaker{breaker="android"} 0.0' in said
    [age] = [line.split()[-1] for line in said.splitlines() if line.startswith('motcua_push_oldest_due_seconds{lane="normal"}')]
    assert 0 < float(age) < 60
    assert "motcua_push_permits_per_second 1" in said
    for word in ("s_lan", phone.target.id, phone.target.target.value):
        assert word not in said


async def test_they_are_served_on_a_port_of_their_own(parts: Parts, firebase: Firebase) -> None:
    figures = Figures()
    port = figures.serve("127.0.0.1", 0)
    async with httpx2.AsyncClient() as http:
        assert "motcua_push_outcomes" in (await http.get(f"http://127.0.0.1:{port}/metrics")).text
