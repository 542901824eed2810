"""The common rate: whatever the workers do, no minute holds more than the quota, and nobody begins at full speed."""

import random
from bisect import bisect_left
from datetime import datetime, timedelta

import pytest

from kernel.clock import TestClock
from kernel.mongo.client import Database
from notifications.delivery.permits import COLLECTION, RAMP_S, VALID_S, WINDOW_S, Permits

PER_MINUTE = 60_000
STEP_S = 0.25


class Workers:
    """Several workers with clocks of their own, at one bucket whose clock is moved by hand."""

    def __init__(self, database: Database, count: int) -> None:
        self.clock = TestClock(datetime.fromisoformat("2026-07-01T08:00:00+00:00"))
        self.seconds = 0.0
        self.permits = [self._one(database, skew) for skew in range(count)]
        self.sent: list[float] = []

    def _one(self, database: Database, skew: int) -> Permits:
        # Their monotonic clocks begin anywhere: only how far they move counts (I37).
        return Permits(
            database,
            "p",
            per_minute=PER_MINUTE,
            monotonic=lambda: self.seconds + skew * 300,
            server_now=self.clock.now,
        )

    def pass_time(self, seconds: float) -> None:
        self.seconds += seconds
        self.clock.advance(timedelta(seconds=seconds))

    async def ask(self, permits: Permits, wanted: int) -> int:
        granted = await permits.take(wanted)
        self.sent += [self.seconds] * granted
        return granted

    def most_in_a_minute(self) -> int:
        # The window that holds most begins at a send.
        return max((bisect_left(self.sent, at + WINDOW_S) - i for i, at in enumerate(self.sent)), default=0)


@pytest.mark.proves("I19", "I37")
async def test_no_minute_holds_more_than_the_quota_whatever_the_workers_do(database: Database) -> None:
    workers, rng = Workers(database, 4), random.Random(5)
    for _ in range(int(240 / STEP_S)):
        for permits in workers.permits:
            if rng.random() < 0.8:
                await workers.ask(permits, rng.choice((1, 100, 250, 250, 250)))
            if rng.random() < 0.01:
                await permits.slow_down()
        workers.pass_time(STEP_S)
    assert PER_MINUTE / 4 < workers.most_in_a_minute() <= PER_MINUTE


@pytest.mark.proves("I19")
async def test_permits_used_as_late_as_they_may_be_still_fit_the_quota(database: Database) -> None:
    workers = Workers(database, 3)
    for _ in range(int(200 / STEP_S)):
        for permits in workers.permits:
            await workers.ask(permits, 250)
        workers.pass_time(STEP_S)
    # Each send moved to the last moment its permit is good for: the worst the workers can do.
    late = [at + VALID_S if i % 2 else at for i, at in enumerate(workers.sent)]
    workers.sent = sorted(late)
    assert PER_MINUTE * 0.85 < workers.most_in_a_minute() <= PER_MINUTE


@pytest.mark.proves("I19")
async def test_full_speed_is_reached_in_a_minute_and_not_before(database: Database) -> None:
    workers = Workers(database, 2)
    rates: list[float] = []
    for _ in range(int(RAMP_S * 1.5 / STEP_S)):
        before = len(workers.sent)
        for permits in workers.permits:
            while await workers.ask(permits, 250):
                pass
        workers.pass_time(STEP_S)
        rates.append((len(workers.sent) - before) / STEP_S)
    full = PER_MINUTE / (1 + WINDOW_S + VALID_S)
    in_ramp = rates[: int(RAMP_S / STEP_S)]
    for second in range(1, int(RAMP_S) - 1):
        got = sum(in_ramp[int(second / STEP_S) : int((second + 1) / STEP_S)]) * STEP_S
        assert got <= 100 + (full - 100) * (second + 2) / RAMP_S
    assert sum(rates[-8:]) / 8 > full * 0.95


@pytest.mark.proves("I19")
async def test_after_a_silent_minute_the_climb_begins_again(database: Database) -> None:
    workers = Workers(database, 1)
    [permits] = workers.permits
    for _ in range(int(RAMP_S / STEP_S)):
        while await workers.ask(permits, 250):
            pass
        workers.pass_time(STEP_S)
    assert permits.rate_per_s > 800
    workers.pass_time(600)
    await permits.take(250)
    assert permits.rate_per_s == pytest.approx(permits.floor_per_s, rel=0.2)


@pytest.mark.proves("I20")
async def test_when_the_project_is_over_its_quota_every_worker_stops_with_its_present_block(database: Database) -> None:
    workers = Workers(database, 3)
    for permits in workers.permits:
        await permits.take(10)
    await workers.permits[0].silence(timedelta(seconds=90))
    assert await workers.permits[0].take(250) == 0
    # The others use up what they hold, and get nothing more.
    assert sum([await permits.take(250) for permits in workers.permits[1:]]) <= 2 * 10
    for _ in range(89):
        workers.pass_time(1)
        assert [await permits.take(250) for permits in workers.permits] == [0, 0, 0]
        assert all(permits.silent for permits in workers.permits)
    workers.pass_time(1.1)
    assert await workers.permits[1].take(250) > 0
    assert workers.permits[1].rate_per_s <= workers.permits[1].floor_per_s * 1.1


@pytest.mark.proves("I20")
async def test_an_overloaded_provider_halves_the_rate_once_a_second(database: Database) -> None:
    workers = Workers(database, 2)
    first, second = workers.permits
    for _ in range(int(RAMP_S / STEP_S)):
        while await workers.ask(first, 250):
            pass
        workers.pass_time(STEP_S)
    before = first.rate_per_s
    for _ in range(20):
        await first.slow_down()
        await second.slow_down()
    workers.pass_time(0.01)
    await first.take(250)
    assert first.rate_per_s == pytest.approx(before / 2, rel=0.05)


async def test_what_was_not_needed_serves_the_next_and_not_for_ever(database: Database) -> None:
    workers = Workers(database, 1)
    [permits] = workers.permits
    assert await permits.take(10) == 10
    permits.give_back(10)
    bucket = await database[COLLECTION].find_one({"_id": "p"})
    assert await permits.take(20) == 20
    assert await database[COLLECTION].find_one({"_id": "p"}) == bucket
    permits.give_back(20)
    workers.pass_time(VALID_S)
    await permits.take(1)
    assert await database[COLLECTION].find_one({"_id": "p"}) != bucket
