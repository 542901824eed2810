"""A sender that dies anywhere, again and again, under every fault: nothing is lost, and no phone shows anything twice.

Death here is the end of all its tasks after a random number of steps of the event loop: between any two awaits, and so between any
two writes. kill -9 of whole processes is in tests/faults.
"""

import asyncio
import os
import random
from collections import Counter

import pytest

from backend.app.parts import Parts
from kernel.ids import new_id
from notifications.delivery import pacing
from notifications.documents import Delivery
from tests.support.firebase import Firebase
from tests.support.notices import a_notice, make_due, phone_of, post, sender

# More by hand: MOTCUA_TEST_CRASHES=1000.
CRASHES = int(os.environ.get("MOTCUA_TEST_CRASHES", "200"))
PER_CRASH = 2
FAULTS = (
    {"detail": "UNAVAILABLE"},
    {"detail": "INTERNAL", "deliver": True},
    {"detail": "QUOTA_EXCEEDED"},
    {"dropConnection": "after"},
    {"dropConnection": "before"},
    {"status": 200, "body": "<html>"},
    {"status": 502, "body": "<html>"},
    {"match": {"endpoint": "token"}, "dropConnection": "before"},
)


async def dies_after(parts: Parts, firebase: Firebase, steps: int) -> None:
    """A sender begins, and all that it has begun ends at once."""
    others = asyncio.all_tasks()
    asyncio.create_task(sender(parts, firebase).drain())  # noqa: RUF006 - it is found among all tasks, and ended
    for _ in range(steps):
        await asyncio.sleep(0)
    for _ in range(3):
        its_own = [task for task in asyncio.all_tasks() - others if not task.done()]
        for task in its_own:
            task.cancel()
        await asyncio.gather(*its_own, return_exceptions=True)


@pytest.mark.timeout(900)
@pytest.mark.proves("I2", "I6", "I7", "I9", "I11")
async def test_whatever_dies_when_everything_ends_once_and_shows_once(parts: Parts, firebase: Firebase) -> None:
    rng = random.Random(20260701)
    phones = [await phone_of(parts, firebase, f"s_{n}", platform=("android", "ios")[n % 2]) for n in range(3)]  # type: ignore[arg-type]
    for _ in range(CRASHES):
        for _ in range(PER_CRASH):
            await post(parts, a_notice(rng.choice(phones).target.recipient, link=f"/x/{new_id()}"))
        if rng.random() < 0.6:
            await firebase.arm(**rng.choice(FAULTS), times=rng.randint(1, 2))
        await dies_after(parts, firebase, rng.randint(1, 120))
        await make_due(parts)
    await firebase.heal()
    for _ in range(pacing.MAX_TRIES):
        await make_due(parts)
        await sender(parts, firebase).drain()

    deliveries = await Delivery.find_all().to_list()
    assert len(deliveries) == CRASHES * PER_CRASH
    assert any(delivery.tries > len(delivery.attempts) for delivery in deliveries), "nobody died with something in hand"
    ended = Counter((delivery.state, delivery.reason) for delivery in deliveries)
    assert set(ended) <= {("sent", None), ("failed", "tries_exhausted")}, ended
    for phone in phones:
        alerts = Counter(message["message"]["data"]["nid"] for message in await phone.visible())
        assert set(alerts.values()) <= {1}
        sent = {d.notice for d in deliveries if d.installation == phone.target.id and d.state == "sent"}
        # What the last 200 messages on a phone can show.
        received = {message["message"]["data"]["nid"] for message in await phone.messages()}
        assert sent <= received or len(await phone.messages()) == 200
