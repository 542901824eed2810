"""Who has copies of a document hears of its change: the news is part of the change's own write (I1, R-B2)."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from pymongo.errors import AutoReconnect

from kernel.errors import StaleVersion
from kernel.mongo import document as document_module
from kernel.mongo.client import Database, bind
from kernel.mongo.document import Stored, followed_in
from kernel.mongo.followed import Changed
from kernel.outbox.relay import Relay
from kernel.privacy.vault import Vault
from kernel.slice import Reaction, Synced
from tests.support.lamps import AT, Switched
from tests.support.papers import PAPER, Paper, SheetView

pytestmark = pytest.mark.proves("I1", "R-B2")


@pytest.fixture
async def papers(database: Database, vault: Vault) -> AsyncIterator[Database]:
    listener, Stored.listener = Stored.listener, None
    await bind(database, [Paper], vault, build_indexes=True)
    PAPER.follow()
    yield database
    Stored.listener = listener


async def outbox(db: Database) -> list[tuple[Any, ...]]:
    [row] = await db["papers"].find({}).to_list()
    told = [event for event in row.get("outbox", []) if event["kind"] == "kernel.changed"]
    return [(event["item"], event["version"], event["concerns"], event["left"]) for event in told]


async def test_the_news_lies_in_the_document_it_is_about(papers: Database) -> None:
    paper = await Paper(id="p", owner="lan").commit(Switched(at=AT, lamp="x", on=True))
    paper.text = "more"
    await paper.commit()
    assert await outbox(papers) == [("p", 1, ["lan"], []), ("p", 2, ["lan"], [])]


async def test_who_had_it_is_named_when_it_becomes_somebody_elses(papers: Database) -> None:
    await Paper(id="p").commit()
    for owner in ("lan", "nam", None):
        paper = await Paper.get("p")
        assert paper
        paper.owner = owner
        await paper.commit()
        await paper.commit()
    assert await outbox(papers) == [
        ("p", 2, ["lan"], []),
        ("p", 3, ["lan"], []),
        ("p", 4, ["nam"], ["lan"]),
        ("p", 5, ["nam"], []),
        ("p", 6, [], ["nam"]),
    ]


async def test_a_change_that_did_not_happen_is_not_told(papers: Database) -> None:
    heard: list[Changed] = []

    async def hear(changed: Changed) -> None:
        heard.append(changed)

    paper = await Paper(id="p", owner="lan").commit()
    late = await Paper.get("p")
    await paper.commit()
    Stored.listener = hear
    with pytest.raises(StaleVersion):
        await late.commit()  # type: ignore[union-attr]
    assert heard == []
    assert len(await outbox(papers)) == 2


async def test_what_is_told_at_once_is_what_lies_in_the_outbox(papers: Database) -> None:
    heard: list[Changed] = []

    async def hear(changed: Changed) -> None:
        heard.append(changed)

    Stored.listener = hear
    await Paper(id="p", owner="lan").commit()
    assert [(c.item, c.version, list(c.concerns), list(c.left)) for c in heard] == await outbox(papers)


async def test_a_listener_that_fails_or_hangs_costs_no_change(papers: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document_module, "AT_ONCE_S", 0.01)

    async def fail(_: Changed) -> None:
        raise AutoReconnect

    async def hang(_: Changed) -> None:
        await asyncio.Event().wait()

    paper = Paper(id="p", owner="lan")
    for listener in (fail, hang):
        Stored.listener = listener
        await paper.commit()
    assert (await papers["papers"].find_one({}))["version"] == 2  # type: ignore[index]


@pytest.mark.proves("I2")
async def test_what_leaves_is_deleted_once_it_has_been_told(papers: Database) -> None:
    heard: list[Changed] = []

    async def hear(changed: Changed) -> None:
        assert await papers["papers"].count_documents({"_id": changed.item}) == 1, "told first, deleted after"
        heard.append(changed)

    for name in "pqr":
        await Paper(id=name, owner="lan", text=name).commit()
    Stored.listener = hear
    assert await Paper.depart({"text": {"$in": ["p", "q"]}}) == 2
    assert [(c.item, c.version, c.concerns, c.left) for c in heard] == [("p", 2, (), ("lan",)), ("q", 2, (), ("lan",))]
    assert [row["_id"] async for row in papers["papers"].find({})] == ["r"]
    assert await Paper.depart({"text": "p"}) == 0


@pytest.mark.proves("I2")
async def test_what_could_not_be_told_at_once_the_relay_tells_and_deletes(papers: Database) -> None:
    paper = await Paper(id="p", owner="lan").commit()
    assert await Paper.depart({"_id": "p"}) == 1
    with pytest.raises(StaleVersion):
        await paper.commit()
    again = await Paper.get("p")
    with pytest.raises(StaleVersion):
        await again.commit()  # type: ignore[union-attr]
    heard: list[Changed] = []

    async def hear(event: Changed) -> None:
        heard.append(event)

    await Relay(papers, ["papers"], [Reaction(Changed, hear)], {}).drain()
    assert [(c.version, c.concerns, c.left) for c in heard] == [(1, ("lan",), ()), (2, (), ("lan",))]
    assert await papers["papers"].count_documents({}) == 0


@pytest.mark.proves("I2")
async def test_what_leaves_with_other_events_unheard_waits_for_the_relay(papers: Database) -> None:
    async def hear(_: Changed) -> None:
        pass

    Stored.listener = hear
    await Paper(id="p", owner="lan").commit(Switched(at=AT, lamp="x", on=True))
    await Paper.depart({"_id": "p"})
    assert await papers["papers"].count_documents({"leaving": True}) == 1
    await Relay(papers, ["papers"], [], {}).drain()
    assert await papers["papers"].count_documents({}) == 0


async def test_what_nobody_has_is_deleted_without_a_word(papers: Database) -> None:
    await Paper(id="p").commit()
    await Paper.depart({"_id": "p"})
    assert await papers["papers"].count_documents({"outbox.concerns.0": {"$exists": True}}) == 0


async def test_a_followed_collection_is_known_by_its_name(papers: Database) -> None:
    assert followed_in("papers") is Paper
    assert followed_in("no such") is None


def test_what_carries_no_outbox_cannot_be_synced() -> None:
    class Silent(Stored):
        owner: str

    async def copies() -> dict[str, SheetView]:
        return {}

    with pytest.raises(ValueError, match="emits_events"):
        Synced("silent", Silent, by="owner", view=SheetView, copies=copies)


async def test_what_is_taken_from_many_is_told_to_whoever_has_them(papers: Database) -> None:
    await Paper(id="p", owner="lan", text="secret").commit()
    assert await Paper.strip({"_id": "p"}, ["text"]) == 1
    assert await Paper.strip({"_id": "p"}, ["owner"]) == 1
    assert await outbox(papers) == [("p", 1, ["lan"], []), ("p", 2, ["lan"], []), ("p", 3, [], ["lan"])]
    row = await papers["papers"].find_one({"_id": "p"})
    assert row
    assert (row["version"], row.keys() & {"text", "owner"}) == (3, set())
