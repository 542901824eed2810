"""Whoever bends the trail in the real database is found out, whichever way they go about it (SEC-68)."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from backend.audit.actions.anchor import anchor
from backend.audit.actions.record import AuditLog
from backend.audit.actions.verify import Verdict, verify
from backend.audit.chain import Head, extend, line, sealed
from backend.audit.documents import AuditTrail
from backend.audit.gateways.copy_file import FileCopy
from backend.audit.jobs import keep_anchoring
from backend.audit.shipped import Shipped
from kernel.clock import TestClock
from tests.support.audit_trail import DAY, EVENING, a_day, stored, viewed
from tests.support.officials import HOA, MINH

pytestmark = pytest.mark.anyio

Trick = Callable[[AuditTrail, str, str], Awaitable[object]]
"""What somebody with full rights does; gets the names of two anchored chains of six records, the first theirs."""


def at(chain: str, seq: int) -> dict[str, object]:
    return {"day": DAY, "chain": chain, "seq": seq}


async def edits(trail: AuditTrail, chain: str, _: str) -> None:
    await trail.records.update_one(at(chain, 3), {"$set": {"actor.id": "somebody-else"}})


async def edits_and_hashes_anew(trail: AuditTrail, chain: str, _: str) -> None:
    row = await trail.records.find_one(at(chain, 3))
    assert row
    await trail.records.replace_one(at(chain, 3), sealed({**row, "object": "dossier:harmless"}, row["prev_hash"]))


async def takes_a_field_out(trail: AuditTrail, chain: str, _: str) -> None:
    await trail.records.update_one(at(chain, 3), {"$unset": {"purpose": ""}})


async def changes_a_type(trail: AuditTrail, chain: str, _: str) -> None:
    await trail.records.update_one(at(chain, 3), {"$set": {"seq": 3.0}})


async def deletes_from_the_middle(trail: AuditTrail, chain: str, _: str) -> None:
    await trail.records.delete_one(at(chain, 3))


async def deletes_the_beginning(trail: AuditTrail, chain: str, _: str) -> None:
    await trail.records.delete_many({"chain": chain, "seq": {"$lte": 2}})


async def cuts_the_tail(trail: AuditTrail, chain: str, _: str) -> None:
    await trail.records.delete_many({"chain": chain, "seq": {"$gt": 4}})


async def deletes_a_whole_chain(trail: AuditTrail, chain: str, _: str) -> None:
    await trail.records.delete_many({"chain": chain})


async def deletes_everything(trail: AuditTrail, *_: str) -> None:
    await trail.records.delete_many({})


async def reorders(trail: AuditTrail, chain: str, _: str) -> None:
    await trail.records.update_one(at(chain, 3), {"$set": {"seq": 99}})
    await trail.records.update_one(at(chain, 4), {"$set": {"seq": 3}})
    await trail.records.update_one(at(chain, 99), {"$set": {"seq": 4}})


async def swaps_between_chains(trail: AuditTrail, chain: str, other: str) -> None:
    await trail.records.update_one(at(chain, 3), {"$set": {"chain": "-"}})
    await trail.records.update_one(at(other, 3), {"$set": {"chain": chain}})
    await trail.records.update_one(at("-", 3), {"$set": {"chain": other}})


async def moves_to_another_day(trail: AuditTrail, chain: str, _: str) -> None:
    await trail.records.update_many({"chain": chain}, {"$set": {"day": "2026-11-19"}})


async def puts_one_in(trail: AuditTrail, chain: str, _: str) -> None:
    for seq in (6, 5, 4):
        await trail.records.update_one(at(chain, seq), {"$inc": {"seq": 1}})
    before = await trail.records.find_one(at(chain, 3))
    assert before
    (forged,), _head = extend(Head(DAY, chain, 3, before["hash"]), [{"action": "forged"}], at=EVENING)
    await trail.records.insert_one({**forged, "_id": "forged"})


async def writes_the_chain_anew(trail: AuditTrail, chain: str, _: str) -> None:
    before = await trail.records.find_one(at(chain, 2))
    assert before
    await trail.records.delete_many({"chain": chain, "seq": {"$gt": 2}})
    rows, _head = extend(Head(DAY, chain, 2, before["hash"]), [{"action": "dossier.viewed"}] * 4, at=EVENING)
    await trail.records.insert_many(rows)


async def cuts_the_tail_and_the_anchors_word(trail: AuditTrail, chain: str, _: str) -> None:
    await cuts_the_tail(trail, chain, _)
    row = await trail.records.find_one(at(chain, 4))
    assert row
    fits = {"heads.$.count": 4, "heads.$.hash": row["hash"]}
    await trail.anchors.update_one({"heads.chain": chain}, {"$set": fits})


async def tears_an_anchor(trail: AuditTrail, *_: str) -> None:
    await trail.anchors.update_one({"_id": 2}, {"$set": {"heads": [{"rubbish": 1}, 7]}})


async def deletes_an_anchor(trail: AuditTrail, *_: str) -> None:
    await trail.anchors.delete_one({"_id": 1})


TRICKS: dict[Trick, set[str]] = {
    edits: {"altered"},
    edits_and_hashes_anew: {"unlinked"},
    takes_a_field_out: {"altered"},
    changes_a_type: {"altered"},
    deletes_from_the_middle: {"missing"},
    deletes_the_beginning: {"missing"},
    cuts_the_tail: {"cut"},
    deletes_a_whole_chain: {"vanished"},
    deletes_everything: {"vanished"},
    reorders: {"moved"},
    swaps_between_chains: {"altered"},
    moves_to_another_day: {"vanished", "altered"},
    puts_one_in: {"altered", "moved"},
    writes_the_chain_anew: {"rewritten"},
    cuts_the_tail_and_the_anchors_word: {"altered"},
    tears_an_anchor: {"altered"},
    deletes_an_anchor: {"missing"},
}


async def two_anchored_chains(trail: AuditTrail) -> tuple[str, str]:
    for actor in (HOA, MINH):
        await a_day(trail, actor)
        await anchor(trail, now=EVENING)
    rows = await stored(trail)
    chain = rows[0]["chain"]
    return chain, next(row["chain"] for row in rows if row["chain"] != chain)


@pytest.mark.proves("SEC-68")
@pytest.mark.parametrize("trick", TRICKS, ids=lambda trick: trick.__name__)
async def test_bending_the_trail_is_found_out(trail: AuditTrail, trick: Trick) -> None:
    chains = await two_anchored_chains(trail)
    assert (await verify(trail)).whole
    await trick(trail, *chains)
    verdict = await verify(trail)
    assert TRICKS[trick] <= {finding.kind for finding in verdict.findings}, verdict.findings
    assert all(finding.place.startswith((DAY, "2026-11-19", "anchors")) for finding in verdict.findings)


@pytest.mark.proves("SEC-68")
async def test_only_the_day_asked_for_is_looked_at(trail: AuditTrail) -> None:
    chain, _ = await two_anchored_chains(trail)
    await a_day(trail, HOA, records=2, at=EVENING + timedelta(days=1))
    await edits(trail, chain, "")
    assert (await verify(trail, day="2026-11-21")) == Verdict(records=2, chains=1, anchors=2, findings=[])
    assert [finding.place for finding in (await verify(trail, day=DAY)).findings] == [f"{DAY}/{chain}/3"]


async def test_the_reading_tells_how_far_it_is(trail: AuditTrail) -> None:
    await a_day(trail, HOA, records=3)
    heard: list[int] = []
    await verify(trail, progress=heard.append)
    assert heard == [1, 2, 3]


async def test_an_anchor_is_written_only_when_something_has_grown(trail: AuditTrail) -> None:
    assert await anchor(trail, now=EVENING) is None
    log = await a_day(trail, HOA, records=2)
    first = await anchor(trail, now=EVENING)
    assert first
    assert [head["count"] for head in first["heads"]] == [2]
    assert await anchor(trail, now=EVENING) is None
    await log.record(HOA, viewed())
    second = await anchor(trail, now=EVENING + timedelta(days=1))
    assert second
    assert ([head["count"] for head in second["heads"]], second["prev_hash"]) == ([3], first["hash"])
    assert (await verify(trail)).whole


async def test_workers_that_anchor_at_once_write_one_anchor(trail: AuditTrail) -> None:
    await a_day(trail, HOA)
    await asyncio.gather(*(anchor(trail, now=EVENING) for _ in range(5)))
    assert await trail.anchors.count_documents({}) == 1
    assert (await verify(trail)).whole


async def test_a_chain_of_days_ago_that_no_worker_has_anchored_yet_is_anchored(trail: AuditTrail) -> None:
    await a_day(trail, HOA, records=1)
    await anchor(trail, now=EVENING)
    await a_day(trail, HOA, records=2, at=EVENING + timedelta(days=3))
    late = await anchor(trail, now=EVENING + timedelta(days=10))
    assert late
    assert [head["count"] for head in late["heads"]] == [1, 2]


async def test_the_worker_anchors_at_once_and_a_last_time(trail: AuditTrail, tmp_path: Path) -> None:
    log = await a_day(trail, HOA, records=1)
    stop, copy = asyncio.Event(), FileCopy(tmp_path / "audit.jsonl")
    running = asyncio.create_task(keep_anchoring(trail, TestClock(EVENING), stop, copy))
    async with asyncio.timeout(10):
        while not await trail.anchors.count_documents({}):  # noqa: ASYNC110 - a database sets no event
            await asyncio.sleep(0.01)
    await log.record(HOA, viewed())
    stop.set()
    await running
    assert await trail.anchors.count_documents({}) == 2
    assert len((tmp_path / "audit.jsonl").read_bytes().splitlines()) == 2


@pytest.mark.proves("SEC-70")
async def test_what_no_anchor_has_seen_yet_is_held_against_the_second_copy(trail: AuditTrail, tmp_path: Path) -> None:
    file = tmp_path / "audit.jsonl"
    log = AuditLog(trail, TestClock(EVENING), FileCopy(file))
    for number in range(6):
        await log.record(HOA, viewed(number))

    def shipped() -> Shipped:
        return Shipped(file.read_bytes().splitlines())

    assert (await verify(trail, copy=shipped())).whole
    await trail.records.delete_many({"seq": {"$gt": 4}})
    assert (await verify(trail)).whole, "nothing in the database tells"
    chain = (await stored(trail))[0]["chain"]
    findings = (await verify(trail, copy=shipped())).findings
    assert [(f.kind, f.place) for f in findings] == [("missing", f"{DAY}/{chain}/5"), ("missing", f"{DAY}/{chain}/6")]


@pytest.mark.proves("SEC-70")
async def test_a_trail_written_anew_with_its_anchors_still_differs_from_the_copy(trail: AuditTrail, tmp_path: Path) -> None:
    file = tmp_path / "audit.jsonl"
    copy = FileCopy(file)
    await AuditLog(trail, TestClock(EVENING), copy).record(HOA, viewed(1), viewed(2))
    await anchor(trail, now=EVENING, copy=copy)
    (row, _) = await stored(trail)
    await trail.records.delete_many({})
    await trail.anchors.delete_many({})
    rows, _head = extend(Head(DAY, row["chain"], 0, row["prev_hash"]), [{"action": "dossier.viewed"}] * 2, at=EVENING)
    await trail.records.insert_many(rows)
    await anchor(trail, now=EVENING)
    assert (await verify(trail)).whole, "nothing in the database tells"
    kinds = [f.kind for f in (await verify(trail, copy=Shipped(file.read_bytes().splitlines()))).findings]
    assert kinds == ["copy_differs"] * 3


async def test_an_anchor_that_cannot_be_written_ends_no_worker(trail: AuditTrail) -> None:
    await a_day(trail, HOA, records=1)
    await trail.anchors.insert_one({"_id": 1, "rubbish": True})
    stop = asyncio.Event()
    running = asyncio.create_task(keep_anchoring(trail, TestClock(EVENING), stop))
    await asyncio.sleep(0)
    stop.set()
    await running


async def test_a_line_of_the_copy_is_the_record(trail: AuditTrail, tmp_path: Path) -> None:
    file = tmp_path / "audit.jsonl"
    await AuditLog(trail, TestClock(EVENING), FileCopy(file)).record(HOA, viewed())
    assert file.read_bytes() == line((await stored(trail))[0]) + b"\n"
    assert file.stat().st_mode & 0o077 == 0
