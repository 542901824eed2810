"""So many and no more, whoever asks at the same moment and in whichever process (SEC-63, R-C12)."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from pymongo.errors import PyMongoError

from kernel.clock import TestClock
from kernel.http.limits import TABLE, Limit, limited
from kernel.http.windows import COLLECTION, Standing, Windows
from kernel.mongo.client import Database

MINUTE = timedelta(minutes=1)
EXACT = Limit(name="exact", by=("address",), most=5, within=MINUTE)
GROWING = Limit(name="growing", by=("address",), most=2, within=MINUTE, growth=2.0, longest=timedelta(minutes=10))
LEASED = Limit(name="leased", by=("subject",), most=50, within=MINUTE, leased=20)


@pytest.fixture
def still() -> TestClock:
    return TestClock(datetime(2026, 6, 15, 8, tzinfo=UTC))


@pytest.fixture
def windows(database: Database, still: TestClock) -> Windows:
    return Windows(database, still)


async def take(windows: Windows, limit: Limit, times: int, key: str = "lan") -> list[Standing]:
    return [await windows.take(limit, key) for _ in range(times)]


@pytest.mark.proves("SEC-63", "R-C12")
async def test_the_last_one_allowed_is_allowed_and_the_next_is_not(windows: Windows) -> None:
    standings = await take(windows, EXACT, 7)
    assert [standing.allowed for standing in standings] == [True] * 5 + [False] * 2
    assert [standing.left for standing in standings] == [4, 3, 2, 1, 0, 0, 0]
    assert standings[0].header == '"exact";r=4;t=60'
    assert EXACT.policy == '"exact";q=5;w=60'


async def test_others_have_a_window_of_their_own(windows: Windows) -> None:
    await take(windows, EXACT, 6)
    assert (await windows.take(EXACT, "nam")).allowed
    assert not (await windows.take(EXACT, "lan")).allowed


async def test_a_window_ends_and_another_begins(windows: Windows, still: TestClock) -> None:
    await take(windows, EXACT, 9)
    still.advance(MINUTE - timedelta(seconds=1))
    assert [(s.allowed, s.resets_in_s) for s in await take(windows, EXACT, 1)] == [(False, 1)]
    still.advance(timedelta(seconds=1))
    assert [(s.allowed, s.left, s.resets_in_s) for s in await take(windows, EXACT, 1)] == [(True, 4, 60)]


@pytest.mark.proves("SEC-63")
async def test_who_does_not_stop_waits_longer_each_time_up_to_the_longest(windows: Windows, still: TestClock) -> None:
    waits = [standing.resets_in_s for standing in await take(windows, GROWING, 8)]
    assert waits == [60, 60, 120, 240, 480, 600, 600, 600]
    still.advance(timedelta(minutes=9))
    assert not (await windows.take(GROWING, "lan")).allowed
    still.advance(timedelta(minutes=1))
    assert (await windows.take(GROWING, "lan")).resets_in_s == 60


async def test_growth_never_runs_over(windows: Windows, database: Database) -> None:
    await take(windows, GROWING, 3)
    await database[COLLECTION].update_one({}, {"$set": {"count": 10**6}})
    assert (await windows.take(GROWING, "lan")).resets_in_s == 600


@pytest.mark.proves("SEC-63", "R-C12")
@pytest.mark.parametrize("limit", [EXACT, LEASED], ids=lambda limit: limit.name)
async def test_a_burst_in_many_processes_never_gets_more(database: Database, still: TestClock, limit: Limit) -> None:
    processes = [Windows(database, still) for _ in range(4)]
    asked = [processes[n % 4].take(limit, "lan") for n in range(4 * limit.most)]
    allowed = sum(standing.allowed for standing in await asyncio.gather(*asked))
    assert allowed == limit.most


async def test_a_leased_budget_costs_a_write_now_and_then(windows: Windows, database: Database) -> None:
    standings = await take(windows, LEASED, 20)
    counted = await database[COLLECTION].find_one({})
    assert counted
    assert counted["count"] == 20
    assert [standing.left for standing in standings] == list(range(49, 29, -1))
    more = await take(windows, LEASED, 40)
    assert sum(standing.allowed for standing in more) == 30


async def test_what_is_counted_names_nobody(windows: Windows, database: Database) -> None:
    await windows.take(EXACT, "198.51.100.1")
    assert "198.51" not in str(await database[COLLECTION].find_one({}))


async def test_without_a_database_exact_limits_allow_nothing_and_budgets_a_little(
    windows: Windows, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise PyMongoError("away")

    monkeypatch.setattr(windows, "_count", away)
    with pytest.raises(PyMongoError):
        await windows.take(EXACT, "lan")
    standings = await take(windows, LEASED, 100)
    assert 0 < sum(standing.allowed for standing in standings) < 100


@pytest.mark.proves("SEC-63")
def test_the_table_says_what_was_decided() -> None:
    per_hour = {name: limit.most for name, limit in TABLE.items() if limit.within == timedelta(hours=1)}
    assert per_hour["feedback"] == 10
    assert per_hour["upload"] == 20
    assert per_hour["push_registration"] == 10
    per_minute = {name: limit.most for name, limit in TABLE.items() if limit.within == MINUTE}
    assert (per_minute["token"], per_minute["refresh"], per_minute["lookup"]) == (60, 10, 10)


@pytest.mark.proves("SEC-63")
def test_what_grows_is_never_counted_by_something_a_stranger_can_name() -> None:
    assert {part for limit in TABLE.values() if limit.growth > 1 for part in limit.by} <= {"address", "subject"}


def test_a_misspelt_limit_is_found_at_once() -> None:
    with pytest.raises(KeyError):
        limited("tokens")
