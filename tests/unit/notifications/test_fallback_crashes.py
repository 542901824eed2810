"""A sender of texts that dies anywhere, again and again, under every fault: all ends, and nobody is told anything twice (I32)."""

import os
import random
from collections import Counter
from collections.abc import AsyncIterator
from datetime import datetime

import pytest

from backend.app.parts import Parts
from kernel.clock import TestClock
from kernel.ids import new_id
from notifications.channels.port import Outcome, Text, TextChannel
from notifications.delivery.fallback.aftermath import MAX_TRIES
from notifications.documents import Delivery
from notifications.lanes import FALLBACK
from tests.support.commands import Counted, counted_commands, dies_after
from tests.support.contacts import ADDRESSES, contact_of, messenger, wait_is_over
from tests.support.notices import a_notice, post
from tests.support.parts import open_parts
from tests.support.post_office import running_post

# More by hand: MOTCUA_TEST_CRASHES=1000.
CRASHES = int(os.environ.get("MOTCUA_TEST_CRASHES", "60"))
PER_CRASH = 2
MOST_BEGUN = 14
FAULTS = (
    {"code": 451, "text": "4.7.1 later"},
    {"code": 554, "text": "5.7.1 no"},
    {"drop": "before"},
    {"at": "content", "drop": "before"},
    {"at": "content", "drop": "after"},
    {"at": "content", "code": 451},
)


class Moments:
    """What a sender has begun: its commands to the database and its texts. It is a channel, too."""

    def __init__(self, commands: Counted, channel: TextChannel) -> None:
        self._commands, self._channel, self._texts = commands, channel, 0

    @property
    def count(self) -> int:
        return len(self._commands.sent) + self._texts

    async def send(self, what: Text, /, *, now: datetime) -> Outcome:
        self._texts += 1
        return await self._channel.send(what, now=now)

    async def close(self) -> None: ...


@pytest.fixture
async def told(mongodb_uri: str, clock: TestClock) -> AsyncIterator[tuple[Parts, Counted]]:
    """Parts whose commands are counted."""
    with counted_commands() as commands:
        async with open_parts(mongodb_uri, clock) as parts:
            yield parts, commands


# A connection that was being opened when its task ended is left to the garbage collector.
@pytest.mark.filterwarnings("ignore:Exception ignored in:pytest.PytestUnraisableExceptionWarning")
@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
@pytest.mark.timeout(600)
@pytest.mark.proves("I2", "I6", "I7", "I32")
async def test_whatever_dies_when_everything_ends_and_nobody_is_told_twice(told: tuple[Parts, Counted]) -> None:
    parts, commands = told
    rng = random.Random(20260702)
    async with running_post(parts.vault) as office:
        await contact_of(parts)
        moments = Moments(commands, office.channels["email"])
        for _ in range(CRASHES):
            for _ in range(PER_CRASH):
                await post(parts, a_notice(message="dossier.needs_papers", link=f"/x/{new_id()}"))
            await wait_is_over(parts)
            if rng.random() < 0.5:
                await office.arm(channel="email", **rng.choice(FAULTS), times=rng.randint(1, 2))
            await dies_after(
                messenger(parts, {"email": moments}).drain(), moments, begun=rng.randint(1, MOST_BEGUN), steps=rng.randint(0, 200)
            )
        await office.heal()
        for _ in range(MAX_TRIES + 1):
            await wait_is_over(parts)
            await messenger(parts, {"email": moments}).drain()
        arrived = Counter(mail["raw"].partition("Message-ID: <")[2].partition("@")[0] for mail in await office.arrived("email"))

    fallbacks = await Delivery.find({"lane": FALLBACK}).to_list()
    assert len(fallbacks) == CRASHES * PER_CRASH
    ended = Counter((one.state, one.reason) for one in fallbacks)
    assert set(ended) <= {("sent", None), ("failed", "perhaps_sent"), ("failed", "not_taken")}, ended
    assert ended["failed", "perhaps_sent"] > CRASHES / 20, f"hardly anybody died with a text in hand: {ended}"
    assert set(arrived.values()) == {1}
    assert {one.id for one in fallbacks if one.state == "sent"} <= set(arrived)
    # What nobody took did not arrive, either.
    assert not {one.id for one in fallbacks if one.reason == "not_taken"} & set(arrived)
    assert ADDRESSES["email"] not in str([one.model_dump() for one in fallbacks])
