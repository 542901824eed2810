"""From a committed change to whoever must hear of it: at least once, in order per document, over every failure."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from kernel.jobs import draining
from kernel.mongo.client import Database
from kernel.mongo.wakeup import Wakeup
from kernel.outbox.relay import DEAD_EVENTS, LANES, LEASE, MAX_ATTEMPTS, MAX_BACKOFF, Relay, backoff
from kernel.slice import Reaction, on
from tests.support.lamps import Lamp, Switched, let_leases_run_out, stored

PATIENCE_S = 20


@dataclass
class Ear:
    """Hears events; fails, or waits, where a test wants it to."""

    heard: list[tuple[str, bool]] = field(default_factory=list)
    refuses: set[bool] = field(default_factory=set)
    began: asyncio.Queue[str] = field(default_factory=asyncio.Queue)
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.gate.set()


@on(Switched)
async def listen(event: Switched, ear: Ear) -> None:
    ear.began.put_nowait(event.lamp)
    await ear.gate.wait()
    if event.on in ear.refuses:
        raise ValueError("the ear is deaf to this")
    ear.heard.append((event.lamp, event.on))


def relay_to(db: Database, ear: Ear, *reactions: Reaction) -> Relay:
    return Relay(db, ["lamps"], reactions or [listen], {Ear: ear})


async def test_an_event_is_told_once_and_is_gone(lamps: Database) -> None:
    ear, lamp = Ear(), await Lamp(room="hall").switch(on=True)
    assert await relay_to(lamps, ear).drain() == 1
    assert await relay_to(lamps, ear).drain() == 0
    assert ear.heard == [(lamp.id, True)]
    row = await stored(lamps, lamp)
    assert not {"outbox", "relay"} & set(row)
    assert row["version"] == 1


async def test_events_of_one_document_are_told_in_the_order_they_happened(lamps: Database) -> None:
    ear, lamp = Ear(), await Lamp(room="hall").switch(on=True)
    for value in (False, True, False):
        await lamp.switch(on=value)
    await relay_to(lamps, ear).drain()
    assert [value for _, value in ear.heard] == [True, False, True, False]


@pytest.mark.proves("I2")
async def test_a_failing_reaction_is_tried_again_and_holds_back_what_came_later(lamps: Database) -> None:
    ear, lamp = Ear(refuses={True}), await Lamp(room="hall").switch(on=True)
    await lamp.switch(on=False)
    other = await Lamp(room="kitchen").switch(on=False)
    relay = relay_to(lamps, ear)
    assert await relay.drain() == 2
    assert ear.heard == [(other.id, False)]
    rest = (await stored(lamps, lamp))["relay"]["until"] - datetime.now(UTC)
    assert timedelta() < rest <= backoff(1)
    assert await relay.drain() == 0, "it rests"
    ear.refuses.clear()
    await let_leases_run_out(lamps)
    await relay.drain()
    assert ear.heard == [(other.id, False), (lamp.id, True), (lamp.id, False)]


async def test_each_failure_is_followed_by_a_longer_rest_within_bounds() -> None:
    rests = [backoff(attempt) for attempt in range(1, 40)]
    assert rests[:4] == [timedelta(seconds=s) for s in (1, 2, 4, 8)]
    assert rests == sorted(rests)
    assert max(rests) == MAX_BACKOFF


@pytest.mark.proves("I2", "I35")
async def test_what_nobody_can_hear_is_buried_where_an_operator_sees_it_and_later_events_go_on(lamps: Database) -> None:
    ear, lamp = Ear(refuses={True}), await Lamp(room="hall").switch(on=True)
    await lamp.switch(on=False)
    relay = relay_to(lamps, ear)
    for _ in range(MAX_ATTEMPTS):
        assert await relay.drain() == 1
        await let_leases_run_out(lamps)
    assert ear.heard == [(lamp.id, False)]
    [dead] = await lamps[DEAD_EVENTS].find({}).to_list()
    assert (dead["collection"], dead["document"], dead["event"]["on"]) == ("lamps", lamp.id, True)
    assert "deaf" in dead["error"]
    assert "outbox" not in await stored(lamps, lamp)


async def test_an_event_this_version_does_not_know_is_kept_and_not_lost(lamps: Database) -> None:
    lamp = await Lamp(room="hall").switch(on=True)
    await lamps["lamps"].update_one({"_id": lamp.id}, {"$set": {"outbox.0.kind": "test.of_the_future"}})
    await relay_to(lamps, Ear()).drain()
    assert len((await stored(lamps, lamp))["outbox"]) == 1


@pytest.mark.proves("I6")
async def test_who_lost_the_lease_acknowledges_nothing(lamps: Database) -> None:
    slow, quick = Ear(), Ear()
    slow.gate.clear()
    quick.gate.clear()
    lamp = await Lamp(room="hall").switch(on=True)
    late = asyncio.create_task(relay_to(lamps, slow).drain())
    await slow.began.get()
    await let_leases_run_out(lamps)
    holder = asyncio.create_task(relay_to(lamps, quick).drain())
    await quick.began.get()
    claimed = await stored(lamps, lamp)
    slow.gate.set()
    await late
    assert await stored(lamps, lamp) == claimed, "the late acknowledgement changed something"
    quick.gate.set()
    await holder
    assert "outbox" not in await stored(lamps, lamp)


@pytest.mark.proves("I6")
async def test_many_relays_beside_each_other_tell_each_event_once(lamps: Database) -> None:
    ear = Ear()
    made = [await Lamp(room=str(n)).switch(on=True) for n in range(40)]
    await asyncio.gather(*(relay_to(lamps, ear).drain() for _ in range(6)))
    assert sorted(lamp for lamp, _ in ear.heard) == sorted(lamp.id for lamp in made)


@pytest.mark.proves("I7")
async def test_a_relay_that_dies_gives_its_work_back_when_the_lease_ends(lamps: Database) -> None:
    dying, heir = Ear(), Ear()
    dying.gate.clear()
    lamp = await Lamp(room="hall").switch(on=True)
    death = asyncio.create_task(relay_to(lamps, dying).drain())
    await dying.began.get()
    death.cancel()
    await asyncio.wait({death})
    lease = (await stored(lamps, lamp))["relay"]["until"] - datetime.now(UTC)
    assert timedelta() < lease <= LEASE
    assert await relay_to(lamps, heir).drain() == 0
    await let_leases_run_out(lamps)
    await relay_to(lamps, heir).drain()
    assert heir.heard == [(lamp.id, True)]


@pytest.mark.proves("I4")
async def test_a_reaction_that_succeeded_before_the_crash_is_told_again(lamps: Database) -> None:
    """At least once: whoever reacts has to bear it."""
    ear, lamp = Ear(), await Lamp(room="hall").switch(on=True)

    async def crash(event: Switched) -> None:
        raise asyncio.CancelledError

    crashing = asyncio.create_task(relay_to(lamps, ear, listen, Reaction(Switched, crash)).drain())
    await asyncio.wait({crashing})
    await let_leases_run_out(lamps)
    await relay_to(lamps, ear).drain()
    assert ear.heard == [(lamp.id, True)] * 2


@pytest.mark.proves("I8")
async def test_told_to_stop_it_finishes_what_it_has_and_takes_nothing_new(lamps: Database) -> None:
    ear, stop = Ear(), asyncio.Event()
    ear.gate.clear()
    for n in range(LANES + 3):
        await Lamp(room=str(n)).switch(on=True)
    running = asyncio.create_task(relay_to(lamps, ear).run(stop))
    in_hand = {await ear.began.get() for _ in range(LANES)}
    stop.set()
    ear.gate.set()
    async with asyncio.timeout(PATIENCE_S):
        await running
    assert {lamp for lamp, _ in ear.heard} == in_hand
    assert await lamps["lamps"].count_documents({"outbox": {"$exists": True}}) == 3
    assert await lamps["lamps"].count_documents({"relay": {"$exists": True}}) == 0


@pytest.mark.proves("I3")
async def test_the_wake_up_works_without_the_scan(lamps: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draining, "SCAN_S", 3600)
    await hears_each_as_it_comes(lamps)


@pytest.mark.proves("I3")
async def test_the_scan_works_without_the_wake_up(lamps: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    async def dead(self: Wakeup) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(Wakeup, "run", dead)
    monkeypatch.setattr(draining, "SCAN_S", 0.05)
    await hears_each_as_it_comes(lamps)


@pytest.mark.proves("I3")
async def test_a_stream_that_is_killed_comes_back(lamps: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draining, "SCAN_S", 3600)
    await hears_each_as_it_comes(lamps, between=kill_change_streams(lamps))


async def kill_change_streams(db: Database) -> None:
    found = await db.client.admin.aggregate(
        [{"$currentOp": {"idleCursors": True, "allUsers": True}}, {"$match": {"cursor.tailable": True}}]
    )
    operations = await found.to_list()
    assert operations, "no change stream is open"
    for operation in operations:
        await db.client.admin.command("killSessions", [{"id": operation["lsid"]["id"]}])


async def hears_each_as_it_comes(db: Database, between: object = None) -> None:
    """One might be found by looking at the start, one by looking when the stream opens; the others have to be noticed."""
    ear, stop, asleep = Ear(), asyncio.Event(), asyncio.Event()
    relay = relay_to(db, ear)
    sleep = relay.wakeup.wait

    async def wait(timeout_s: float) -> None:
        asleep.set()
        await sleep(timeout_s)

    relay.wakeup.wait = wait  # type: ignore[method-assign]
    running = asyncio.create_task(relay.run(stop))
    async with asyncio.timeout(PATIENCE_S):
        for room in ("hall", "kitchen", "bath", "attic"):
            await asleep.wait()
            lamp = await Lamp(room=room).switch(on=True)
            assert await ear.began.get() == lamp.id
            asleep.clear()
            if between:
                await between  # type: ignore[misc]
                between = None
        stop.set()
        await running
