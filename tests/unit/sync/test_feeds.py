"""A feed: numbers without a gap, bounded, forgetful after ninety days, gone with its citizen."""

import asyncio
from datetime import timedelta
from typing import Any

import bson
import pytest

from backend.sync.actions import bump as bump_module
from backend.sync.actions.backfill import CURSORS, backfill, renew_epochs
from backend.sync.actions.bump import MAX_ITEMS
from backend.sync.actions.prune import TOMBSTONES_KEPT, prune
from backend.sync.errors import SyncTokenExpired
from backend.sync.personal_data import erase
from backend.sync.token import Position
from kernel.clock import SystemClock
from kernel.mongo.followed import Changed
from tests.support.papers import MEMO, PAPER, Memo, Paper, visible
from tests.unit.sync.conftest import Room

pytestmark = pytest.mark.proves("R-B2")

NOW = SystemClock().now()
LATER = NOW + TOMBSTONES_KEPT + timedelta(days=1)
KINDS = ("paper", "memo")


def changed(item: str, version: int = 1, *concerns: str, left: tuple[str, ...] = ()) -> Changed:
    return Changed(at=NOW, what="paper", item=item, version=version, concerns=concerns or (() if left else ("lan",)), left=left)


async def test_hearing_it_again_changes_nothing(room: Room) -> None:
    await room.feeds.hear(changed("p", 2))
    feed = await room.feed()
    for version in (2, 1):
        await room.feeds.hear(changed("p", version))
    assert await room.feed() == feed
    assert feed["items"] == {"paper:p": {"s": 1, "v": 2}}


async def test_numbers_given_out_at_once_are_all_different_and_none_is_missing(room: Room) -> None:
    await asyncio.gather(*(room.feeds.hear(changed(f"p{n}")) for n in range(60)))
    feed: dict[str, Any] = await room.feed()
    assert sorted(item["s"] for item in feed["items"].values()) == list(range(1, 61))
    assert (feed["seq"], feed["size"]) == (60, 60)


async def test_who_had_it_hears_that_it_is_gone_in_whatever_order_it_is_told(room: Room) -> None:
    paper = await Paper(id="p", owner="lan").commit()
    lan, nam = room.device("lan"), room.device("nam")
    await room.relay()
    assert set((await lan.up_to_date())["paper"]) == {"p"}
    paper.owner = "nam"
    await paper.commit()
    paper.owner = "lan"
    await paper.commit()
    [*_, third] = (await room.db["papers"].find_one({}))["outbox"]  # type: ignore[index]
    await room.feeds.hear(changed("p", third["version"], "lan", left=("nam",)))
    await room.relay()
    assert set((await lan.up_to_date())["paper"]) == {"p"}
    assert await nam.up_to_date() == {}
    paper.owner = None
    await paper.commit()
    await room.relay()
    assert await lan.up_to_date() == {}


async def test_a_feed_is_bounded_and_what_falls_out_is_what_was_changed_longest_ago(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bump_module, "MAX_ITEMS", 10)
    monkeypatch.setattr(bump_module, "KEPT_WHEN_FULL", 8)
    phone = room.device()
    await Paper(id="p0", owner="lan").commit()
    await room.relay()
    await phone.up_to_date()
    for n in range(1, 30):
        await Paper(id=f"p{n}", owner="lan").commit()
        await room.relay()
        feed: dict[str, Any] = await room.feed()
        assert len(feed["items"]) == feed["size"] <= 10
    assert feed["seq"] == 30
    assert feed["floor"] == 30 - feed["size"]
    kept = set((await phone.up_to_date())["paper"])
    assert phone.resets == 1, "its token was older than what fell out"
    assert kept == {f"p{n}" for n in range(30 - feed["size"], 30)}


async def test_the_largest_feed_is_far_from_what_a_document_may_be(room: Room) -> None:
    many = [changed(f"{n:026}") for n in range(MAX_ITEMS)]
    entry = {"s": 2**40, "v": 2**40, "g": NOW}
    size = len(bson.encode({"_id": "s" * 28, "seq": 2**40, "items": {f"notification:{one.item}": entry for one in many}}))
    assert size < 2_500_000


async def test_a_feed_of_five_thousand_comes_page_by_page(room: Room) -> None:
    rows = [{"_id": f"{n:05}", "owner": "lan", "text": "", "version": 1} for n in range(5_000)]
    await room.db["papers"].insert_many(rows)
    assert await backfill(room.db, room.feeds, [PAPER, MEMO], SystemClock()) == 5_000
    phone, pages = room.device(limit=500), 1
    while await phone.page():
        pages += 1
    assert pages == 10
    assert phone.copies == await visible("lan")


async def test_what_is_gone_for_ninety_days_is_forgotten_and_who_missed_it_begins_anew(room: Room) -> None:
    for name in ("stays", "goes", "new"):
        await Paper(id=name, owner="lan").commit()
        await room.relay()
        if name == "stays":
            early = room.device()
            await early.up_to_date()
    late = room.device()
    await late.up_to_date()
    await Paper.depart({"_id": "goes"})
    await room.relay()
    told = room.device()
    await told.up_to_date()
    assert await prune(room.db, now=NOW + timedelta(days=89)) == 0
    assert await prune(room.db, now=LATER) == 1
    assert await prune(room.db, now=LATER) == 0
    feed: dict[str, Any] = await room.feed()
    assert set(feed["items"]) == {"paper:stays", "paper:new"}
    assert (feed["floor"], feed["size"], "oldest_gone" in feed) == (4, 2, False)
    for device, resets in ((early, 1), (late, 1), (told, 0)):
        assert set((await device.up_to_date())["paper"]) == {"stays", "new"}
        assert device.resets == resets
    with pytest.raises(SyncTokenExpired):
        await room.desk.reads.changes("lan", Position(3, 0, str(feed["epoch"])), KINDS, limit=10)


async def test_a_snapshot_that_is_being_paged_survives_the_forgetting(room: Room) -> None:
    for n in range(6):
        await Paper(id=f"p{n}", owner="lan").commit()
        await room.relay()
    await Paper.depart({"_id": "p5"})
    await room.relay()
    phone = room.device(limit=2)
    assert await phone.page()
    await prune(room.db, now=LATER)
    assert await phone.up_to_date() == await visible("lan")
    assert phone.resets == 0


async def test_in_a_snapshot_nobody_hears_of_what_had_gone_before_and_everybody_of_what_goes_meanwhile(room: Room) -> None:
    for n in range(4):
        await Paper(id=f"p{n}", owner="lan").commit()
        await room.relay()
    await Paper.depart({"_id": "p3"})
    await room.relay()
    first = await room.desk.reads.changes("lan", None, KINDS, limit=2)
    await Paper.depart({"_id": "p0"})
    await room.relay()
    second = await room.desk.reads.changes("lan", first.after, KINDS, limit=9)
    assert [entry.item for entry in first.entries] == ["p0", "p1"]
    assert [entry.item for entry in second.entries] == ["p2", "p0"]


async def test_the_feed_of_an_erased_citizen_is_gone_and_late_news_does_not_make_it_again(room: Room) -> None:
    await Paper(id="p", owner="lan").commit()
    await room.feeds.hear(changed("q"))
    assert await erase("lan", NOW) == 1
    assert await erase("lan", NOW) == 0
    await room.relay()
    assert await room.feed() == {"_id": "lan", "erased_at": NOW}
    assert (await room.desk.reads.changes("lan", None, KINDS, limit=9)).entries == []
    assert "erased_90_days" in await room.db["sync_feeds"].index_information()


async def test_what_was_there_before_its_feed_comes_into_it_once_however_often_it_is_brought(room: Room) -> None:
    rows = [{"_id": f"m{n}", "owner": "nam" if n % 3 else "lan", "text": str(n), "version": 2} for n in range(9)]
    await room.db["memos"].insert_many([*rows, {"_id": "nobody's", "text": "", "version": 1}])
    assert await backfill(room.db, room.feeds, [PAPER, MEMO], SystemClock()) == 9
    for owner in ("lan", "nam"):
        assert await room.device(owner).up_to_date() == await visible(owner)
    before = await room.feed()
    assert await backfill(room.db, room.feeds, [PAPER, MEMO], SystemClock()) == 9
    assert await room.feed() == before


async def test_a_migration_that_was_broken_off_goes_on_where_it_was(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backend.sync.actions.backfill.AT_ONCE", 2)
    await room.db["memos"].insert_many([{"_id": f"m{n}", "owner": "lan", "text": "", "version": 1} for n in range(6)])

    def stop(looked: int) -> None:
        if looked == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await backfill(room.db, room.feeds, [MEMO], SystemClock(), stop)
    assert await backfill(room.db, room.feeds, [MEMO], SystemClock()) == 2
    assert await room.db[CURSORS].count_documents({}) == 0
    assert await room.device().up_to_date() == await visible("lan")


async def test_after_a_restore_every_token_begins_anew(room: Room) -> None:
    await Memo(id="m", owner="lan").commit()
    await room.relay()
    phone = room.device()
    await phone.up_to_date()
    assert await renew_epochs(room.db) == 1
    assert await phone.up_to_date() == await visible("lan")
    assert phone.resets == 1


async def test_a_token_from_the_future_of_a_feed_is_refused(room: Room) -> None:
    await room.feeds.hear(changed("p"))
    epoch = str((await room.feed())["epoch"])
    with pytest.raises(SyncTokenExpired):
        await room.desk.reads.changes("lan", Position(2, 0, epoch), KINDS, limit=9)
    with pytest.raises(SyncTokenExpired):
        await room.desk.reads.changes("lan", Position(1, 0, "other"), KINDS, limit=9)
    with pytest.raises(SyncTokenExpired):
        await room.desk.reads.changes("nobody", Position(1, 0, epoch), KINDS, limit=9)


async def plan(room: Room, collection: str, wanted: dict[str, Any]) -> str:
    explained = await room.db.command({"explain": {"find": collection, "filter": wanted}, "verbosity": "queryPlanner"})
    return str(explained["queryPlanner"]["winningPlan"])


async def test_no_read_of_a_feed_scans(room: Room) -> None:
    await room.feeds.hear(changed("p"))
    for wanted in ({"_id": {"$eq": "lan"}}, {"_id": {"$in": ["lan", "nam"]}}, {"oldest_gone": {"$lt": NOW}}):
        found = await plan(room, "sync_feeds", wanted)
        assert "COLLSCAN" not in found
        assert "IXSCAN" in found or "IDHACK" in found
