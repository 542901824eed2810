"""The retention table is carried out, and only what it names."""

import asyncio
from datetime import timedelta

import msgspec
import pytest

from backend.privacy import jobs
from backend.privacy.actions import retain
from backend.privacy.actions.retain import carry_out_rule, count_overdue
from backend.privacy.retention import TABLE, Rule
from tests.unit.privacy_slice.keeper import Keeper, until

pytestmark = pytest.mark.proves("SEC-79")

DELETE = Rule("notes", "at", 30, "a reason", "delete")
ANONYMISE = Rule("notes", "at", 30, "a reason", "anonymise", ["name", "token"])


async def days_old(keeper: Keeper, *ages: int) -> None:
    now = keeper.clock.now()
    rows = [{"_id": f"{age}-{n}", "at": now - timedelta(days=age), "name": "x", "version": 1} for n, age in enumerate(ages)]
    await keeper.db["notes"].insert_many(rows)


async def left(keeper: Keeper) -> list[str]:
    return sorted([row["_id"].split("-")[0] async for row in keeper.db["notes"].find({})])


async def test_what_is_too_old_is_deleted_and_nothing_else(keeper: Keeper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retain, "BITE", 2)
    await days_old(keeper, 0, 29, 30, 31, 40, 50, 60, 70)
    # A document without the date has no age.
    await keeper.db["notes"].insert_one({"_id": "ageless", "at": "long ago"})
    now, heard = keeper.clock.now(), list[int]()
    assert await count_overdue(DELETE, keeper.db, now) == 5
    assert await carry_out_rule(DELETE, keeper.db, now, heard.append) == 5
    assert heard == [2, 4, 5]
    assert await left(keeper) == ["0", "29", "30", "ageless"]
    assert await carry_out_rule(DELETE, keeper.db, now) == 0


async def test_counting_changes_nothing(keeper: Keeper) -> None:
    await days_old(keeper, 31, 32)
    assert await count_overdue(DELETE, keeper.db, keeper.clock.now()) == 2
    assert await keeper.db["notes"].count_documents({}) == 2


async def test_what_is_anonymised_stays_and_is_counted_once(keeper: Keeper) -> None:
    await days_old(keeper, 1, 31)
    assert await carry_out_rule(ANONYMISE, keeper.db, keeper.clock.now()) == 1
    assert await count_overdue(ANONYMISE, keeper.db, keeper.clock.now()) == 0
    rows = {row["_id"][0]: row for row in await keeper.db["notes"].find({}).to_list()}
    assert "name" in rows["1"]
    assert "name" not in rows["3"]
    assert rows["3"]["version"] == 2, "whoever has the old fields in hand cannot write them back"


async def test_only_what_the_row_means_is_touched(keeper: Keeper) -> None:
    await days_old(keeper, 31, 32)
    await keeper.db["notes"].update_many({"_id": {"$regex": "^31"}}, {"$set": {"open": True}})
    closed = Rule("notes", "at", 30, "a reason", "delete", where={"open": {"$ne": True}})
    assert await carry_out_rule(closed, keeper.db, keeper.clock.now()) == 1
    assert await left(keeper) == ["31"]


async def test_a_worker_carries_out_every_row_and_puts_it_on_record(keeper: Keeper, monkeypatch: pytest.MonkeyPatch) -> None:
    await days_old(keeper, 1, 31, 32)
    monkeypatch.setattr(jobs, "RULES", [Rule("notes", "no such date", 1, "x", "delete"), DELETE])
    stop = asyncio.Event()
    working = asyncio.create_task(jobs.keep_retention(keeper.holdings, stop))

    async def young_ones_alone() -> bool:
        return await left(keeper) == ["1"] and "retention.applied" in keeper.audit.actions()

    await until(young_ones_alone)
    stop.set()
    await working
    assert [entry.object for _, entry in keeper.audit.entries] == ["collection:notes"], "nothing is put on record of nothing"


def test_every_row_says_why() -> None:
    assert all(rule.basis for rule in TABLE)
    assert len({rule.collection for rule in TABLE}) == len(TABLE)


BROKEN: list[dict[str, object]] = [
    {"then": "anonymise"},
    {"unset": ["name"]},
    {"keep_days": 0},
    {"what": 1},
    {"then": "keep"},
    {"then": "expire", "field": ""},
]


@pytest.mark.parametrize("broken", BROKEN)
def test_a_row_that_makes_no_sense_stops_the_program(broken: dict[str, object]) -> None:
    row = {"collection": "notes", "field": "at", "keep_days": 1, "basis": "x", "then": "delete", **broken}
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(row, Rule)
