"""Recording: one chain a writer and day, no gap under load, and nothing is answered that is not written."""

import asyncio
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from pymongo.errors import AutoReconnect, PyMongoError

from backend.audit.actions.record import AuditLog
from backend.audit.actions.verify import verify
from backend.audit.chain import Row
from backend.audit.documents import AuditTrail
from backend.audit.gateways.copy_file import FileCopy
from backend.audit.shipped import Shipped
from kernel.audit import Audit, AuditEntry
from kernel.clock import TestClock
from kernel.errors import AuditUnavailable
from tests.support.audit_trail import DAY, DAY_AFTER, EVENING, LAN, stored, viewed
from tests.support.officials import HOA, citizen

pytestmark = pytest.mark.anyio


def a_log(trail: AuditTrail, copy: FileCopy | None = None) -> AuditLog:
    return AuditLog(trail, TestClock(EVENING), copy)


@pytest.mark.proves("SEC-67")
async def test_a_record_says_who_did_what_to_whose_data_why_and_when(trail: AuditTrail) -> None:
    log: Audit = a_log(trail)
    await log.record(HOA, viewed())
    (row,) = await stored(trail)
    assert (row["day"], row["seq"], row["at"]) == (DAY, 1, EVENING)
    assert row["actor"] == {
        "id": "staff-hoa", "kind": "staff", "client": "app", "roles": ["handler", "intake_officer"], "name": "Trần Thị Hòa"
    }  # fmt: skip
    what = {name: row[name] for name in ("action", "object", "subjects", "fields", "agency", "purpose", "result")}
    assert what == {
        "action": "dossier.viewed", "object": "dossier:d1", "subjects": [LAN], "fields": ["applicant_name"],
        "agency": "H12.13", "purpose": "dossier_handling", "result": "ok",
    }  # fmt: skip


async def test_a_citizens_name_is_never_kept(trail: AuditTrail) -> None:
    named = citizen(LAN).__class__(id="p", kind="citizen", client_id="app", name="Nguyễn Thị Lan", citizen_key=LAN)
    await a_log(trail).record(named, AuditEntry(action="auth.signed_in", object="session:s1", subjects=(LAN,)))
    assert "Nguyễn" not in str(await stored(trail))


@pytest.mark.proves("SEC-68")
async def test_fifty_at_once_make_one_chain_without_a_gap(trail: AuditTrail) -> None:
    log = a_log(trail)
    await asyncio.gather(*(log.record(HOA, viewed(n), viewed(n + 100)) for n in range(50)))
    rows = await stored(trail)
    assert [row["seq"] for row in rows] == list(range(1, 101))
    assert len({row["chain"] for row in rows}) == 1
    assert (await verify(trail)).whole


async def test_what_one_act_records_stays_together(trail: AuditTrail) -> None:
    log = a_log(trail)
    await asyncio.gather(*(log.record(HOA, viewed(n), viewed(n + 100)) for n in range(10)))
    numbers = [int(row["object"].removeprefix("dossier:d")) for row in await stored(trail)]
    assert all(second == first + 100 for first, second in zip(numbers[::2], numbers[1::2], strict=True))


async def test_nothing_to_record_writes_nothing(trail: AuditTrail) -> None:
    await a_log(trail).record(HOA)
    assert await stored(trail) == []


async def test_midnight_in_vietnam_begins_a_new_chain(trail: AuditTrail) -> None:
    clock = TestClock(EVENING)
    log = AuditLog(trail, clock)
    await log.record(HOA, viewed())
    clock.advance(timedelta(hours=2, minutes=59))
    await log.record(HOA, viewed())
    clock.advance(timedelta(minutes=1))
    await log.record(HOA, viewed())
    assert [(row["day"], row["seq"]) for row in await stored(trail)] == [(DAY, 1), (DAY, 2), (DAY_AFTER, 1)]
    assert (await verify(trail)).whole


@pytest.mark.proves("SEC-68")
async def test_every_process_writes_a_chain_of_its_own(trail: AuditTrail, mongodb_uri: str) -> None:
    script = """
import asyncio, sys
from backend.audit.actions.record import AuditLog
from backend.audit.documents import AuditTrail
from kernel.clock import SystemClock
from kernel.mongo.client import connect
from tests.support.audit_trail import viewed
from tests.support.officials import HOA

async def main():
    async with connect(sys.argv[1]) as client:
        log = AuditLog(AuditTrail.of(client, sys.argv[2]), SystemClock())
        await asyncio.gather(*(log.record(HOA, viewed(n)) for n in range(20)))

asyncio.run(main())
"""
    database = trail.records.database.name
    command = [sys.executable, "-c", script, mongodb_uri, database]
    processes = [await asyncio.create_subprocess_exec(*command) for _ in range(2)]
    assert await asyncio.gather(*(process.wait() for process in processes)) == [0, 0]
    verdict = await verify(trail)
    assert (verdict.whole, verdict.records, verdict.chains) == (True, 40, 2)


class _Failing:
    """The collection, but this many inserts fail, before or after they were done."""

    def __init__(self, trail: AuditTrail, failures: list[bool]) -> None:
        self._records, self._failures = trail.records, failures

    async def insert_many(self, rows: list[Row]) -> None:
        after = self._failures.pop(0) if self._failures else None
        if after is not False:
            await self._records.insert_many(rows)
        if after is not None:
            raise AutoReconnect("gone")


@pytest.mark.proves("SEC-71")
@pytest.mark.parametrize("written", [True, False], ids=["although it was written", "and it was not written"])
async def test_an_insert_that_is_not_known_to_have_succeeded_is_refused(trail: AuditTrail, *, written: bool) -> None:
    log = a_log(AuditTrail(_Failing(trail, [written]), trail.anchors))
    with pytest.raises(AuditUnavailable) as refused:
        await log.record(HOA, viewed(1))
    assert isinstance(refused.value.__cause__, PyMongoError)
    await log.record(HOA, viewed(2))
    rows = await stored(trail)
    # The next one does not depend on what became of it: a chain of its own, and both are whole.
    assert sorted(row["object"] for row in rows) == (["dossier:d1", "dossier:d2"] if written else ["dossier:d2"])
    assert {row["seq"] for row in rows} == {1}
    assert (await verify(trail)).whole


@pytest.mark.proves("SEC-71")
async def test_everybody_who_waited_for_a_failed_insert_is_refused(trail: AuditTrail) -> None:
    log = a_log(AuditTrail(_Failing(trail, [False, False]), trail.anchors))
    outcomes = await asyncio.gather(*(log.record(HOA, viewed(n)) for n in range(5)), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [AuditUnavailable] * 5
    assert await stored(trail) == []


@pytest.mark.proves("SEC-71")
async def test_a_foreign_record_in_our_place_is_no_end_of_recording(trail: AuditTrail) -> None:
    log = a_log(trail)
    await log.record(HOA, viewed(1))
    (row,) = await stored(trail)
    await trail.records.insert_one({**row, "_id": f"{DAY}/{row['chain']}/2", "seq": 2})
    with pytest.raises(AuditUnavailable):
        await log.record(HOA, viewed(2))
    await log.record(HOA, viewed(3))
    assert {finding.kind for finding in (await verify(trail)).findings} == {"altered"}


@pytest.mark.proves("SEC-71")
async def test_a_second_copy_that_cannot_be_written_refuses_too(trail: AuditTrail, tmp_path: Path) -> None:
    log = a_log(trail, FileCopy(tmp_path / "nowhere" / "audit.jsonl"))
    with pytest.raises(AuditUnavailable):
        await log.record(HOA, viewed())


async def test_a_caller_who_hangs_up_disturbs_nobody(trail: AuditTrail) -> None:
    log = a_log(trail)
    leaving = asyncio.create_task(log.record(HOA, viewed(1)))
    staying = asyncio.create_task(log.record(HOA, viewed(2)))
    await asyncio.sleep(0)
    leaving.cancel()
    await staying
    assert leaving.cancelled() or leaving.cancelling()
    assert [row["seq"] for row in await stored(trail)] == [1, 2]
    assert (await verify(trail)).whole


@pytest.mark.proves("SEC-69")
@pytest.mark.parametrize(
    "trick", ['kiểm tra\n{"action": "forged"}', "a\r\nb\x00\x1b[31mc\u202ed\x85e\u2028f", "\ud800", "x" * 10_000]
)
async def test_a_purpose_stays_one_clean_line(trail: AuditTrail, tmp_path: Path, trick: str) -> None:
    copy = tmp_path / "audit.jsonl"
    log = a_log(trail, FileCopy(copy))
    await log.record(HOA, AuditEntry(action="dossier.viewed", object="dossier:d1", purpose=trick))
    (row,) = await stored(trail)
    assert row["purpose"].isprintable()
    assert len(row["purpose"]) <= 500
    assert copy.read_bytes().count(b"\n") == 1
    assert (await verify(trail, copy=Shipped(copy.read_bytes().splitlines()))).whole
