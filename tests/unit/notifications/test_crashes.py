"""A sender that dies anywhere, again and again, under every fault: nothing is lost, and no phone shows anything twice.

Death here is the end of all its tasks a few steps of the event loop after a random moment: a command to the database, or a push to
Firebase. Moments and not time, so that a busy machine dies in the same places. kill -9 of whole processes is in tests/faults.
"""

import os
import random
from collections import Counter
from collections.abc import AsyncIterator
from datetime import datetime

import pytest

from backend.app.parts import Parts
from kernel.clock import TestClock
from kernel.ids import new_id
from notifications.channels.port import Outcome, Push
from notifications.delivery import pacing
from notifications.documents import Delivery
from tests.support.commands import Counted, counted_commands, dies_after
from tests.support.firebase import Firebase
from tests.support.notices import a_notice, make_due, phone_of, post, sender
from tests.support.parts import open_parts

# More by hand: MOTCUA_TEST_CRASHES=1000.
CRASHES = int(os.environ.get("MOTCUA_TEST_CRASHES", "200"))
PER_CRASH = 2
# A turn that sends something takes about ten commands; a death later than that mostly finds the work done.
MOST_BEGUN = 14
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


class Moments:
    """What a sender has begun: its commands to the database, as the driver tells them, and its pushes. It is a channel, too."""

    def __init__(self, commands: Counted, firebase: Firebase) -> None:
        self._commands, self._channel, self._pushes = commands, firebase.channel, 0

    @property
    def count(self) -> int:
        return len(self._commands.sent) + self._pushes

    async def send(self, push: Push, *, now: datetime) -> Outcome:
        self._pushes += 1
        return await self._channel.send(push, now=now)

    async def close(self) -> None: ...


@pytest.fixture
async def told(mongodb_uri: str, clock: TestClock) -> AsyncIterator[tuple[Parts, Counted]]:
    """Parts whose commands are counted."""
    with counted_commands() as commands:
        async with open_parts(mongodb_uri, clock) as parts:
            yield parts, commands


# The driver leaves a socket to the garbage collector when a task ends while it connects.
@pytest.mark.filterwarnings("ignore:Exception ignored in. <socket.socket:pytest.PytestUnraisableExceptionWarning")
@pytest.mark.timeout(900)
@pytest.mark.proves("I2", "I6", "I7", "I9", "I11")
async def test_whatever_dies_when_everything_ends_once_and_shows_once(told: tuple[Parts, Counted], firebase: Firebase) -> None:
    parts, commands = told
    moments = Moments(commands, firebase)
    rng = random.Random(20260701)
    phones = [await phone_of(parts, firebase, f"s_{n}", platform=("android", "ios")[n % 2]) for n in range(3)]  # type: ignore[arg-type]
    for _ in range(CRASHES):
        for _ in range(PER_CRASH):
            await post(parts, a_notice(rng.choice(phones).target.recipient, link=f"/x/{new_id()}"))
        if rng.random() < 0.6:
            await firebase.arm(**rng.choice(FAULTS), times=rng.randint(1, 2))
        await dies_after(sender(parts, moments).drain(), moments, begun=rng.randint(1, MOST_BEGUN), steps=rng.randint(0, 20))
        await make_due(parts)
    await firebase.heal()
    for _ in range(pacing.MAX_TRIES):
        await make_due(parts)
        await sender(parts, firebase).drain()

    deliveries = await Delivery.find_all().to_list()
    assert len(deliveries) == CRASHES * PER_CRASH
    in_hand = sum(delivery.tries > len(delivery.attempts) for delivery in deliveries)
    assert in_hand > CRASHES / 10, "hardly anybody died with something in hand"
    ended = Counter((delivery.state, delivery.reason) for delivery in deliveries)
    assert set(ended) <= {("sent", None), ("failed", "tries_exhausted")}, ended
    for phone in phones:
        alerts = Counter(message["message"]["data"]["nid"] for message in await phone.visible())
        assert set(alerts.values()) <= {1}
        sent = {d.notice for d in deliveries if d.installation == phone.target.id and d.state == "sent"}
        # What the last 200 messages on a phone can show.
        received = {message["message"]["data"]["nid"] for message in await phone.messages()}
        assert sent <= received or len(await phone.messages()) == 200
