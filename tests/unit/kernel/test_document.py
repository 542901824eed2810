"""Change and event are one write of one document, or nothing happened (I1)."""

import asyncio

import pytest
from pymongo.errors import DuplicateKeyError

from kernel.errors import StaleVersion
from kernel.mongo.client import OUTBOX_INDEX, Database
from tests.support.lamps import AT, Lamp, Switched, stored


async def test_what_was_committed_is_what_is_loaded(lamps: Database) -> None:
    lamp = await Lamp(room="hall").commit()
    assert lamp.version == 1
    found = await Lamp.get(lamp.id)
    assert found == lamp


@pytest.mark.proves("I1")
async def test_the_event_lies_in_the_document_it_tells_of(lamps: Database) -> None:
    lamp = await Lamp(room="hall").switch(on=True)
    [event] = (await stored(lamps, lamp))["outbox"]
    assert (event["kind"], event["lamp"], event["on"], event["at"]) == ("test.switched", lamp.id, True, AT)
    await lamp.switch(on=False)
    row = await stored(lamps, lamp)
    assert [event["on"] for event in row["outbox"]] == [True, False]
    assert (row["version"], row["on"]) == (2, False)


async def test_none_is_absent_at_every_depth(lamps: Database) -> None:
    lamp = await Lamp(room="hall", colour="red", rows=[{"a": None, "b": {"c": None, "d": 1}}]).commit()
    assert (await stored(lamps, lamp))["rows"] == [{"b": {"d": 1}}]
    lamp.colour = None
    await lamp.commit()
    assert "colour" not in await stored(lamps, lamp)


@pytest.mark.proves("I1", "SEC-54")
async def test_who_comes_second_changes_nothing_and_tells_nothing(lamps: Database) -> None:
    lamp = await Lamp(room="hall").commit()
    first, second = await Lamp.get(lamp.id), await Lamp.get(lamp.id)
    assert first
    assert second
    await first.switch(on=True)
    with pytest.raises(StaleVersion):
        await second.switch(on=False)
    row = await stored(lamps, lamp)
    assert (row["version"], row["on"], len(row["outbox"])) == (2, True, 1)


@pytest.mark.proves("SEC-54")
async def test_of_many_at_once_exactly_one_wins(lamps: Database) -> None:
    lamp = await Lamp(room="hall").commit()
    copies = [await Lamp.get(lamp.id) for _ in range(8)]
    results = await asyncio.gather(*(copy.switch(on=True) for copy in copies if copy), return_exceptions=True)
    assert sum(isinstance(result, Lamp) for result in results) == 1
    assert sum(isinstance(result, StaleVersion) for result in results) == 7
    assert len((await stored(lamps, lamp))["outbox"]) == 1


@pytest.mark.proves("I1")
async def test_a_value_that_is_taken_leaves_neither_document_nor_event(lamps: Database) -> None:
    await Lamp(room="hall").commit()
    with pytest.raises(DuplicateKeyError):
        await Lamp(room="hall").commit(Switched(at=AT, lamp="x", on=True))
    assert await lamps["lamps"].count_documents({}) == 1
    assert await lamps["lamps"].count_documents({"outbox": {"$exists": True}}) == 0


async def test_looking_for_work_uses_an_index_that_holds_only_work(lamps: Database) -> None:
    indexes = await lamps["lamps"].index_information()
    assert indexes[OUTBOX_INDEX]["partialFilterExpression"] == {"outbox.at": {"$exists": True}}
