"""Days leave the trail when their time is over, and what is left still proves that nobody merely deleted them (SEC-79, SEC-68)."""

import gzip
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pymongo.errors import PyMongoError

from backend.audit.actions import retire
from backend.audit.actions.anchor import anchor
from backend.audit.actions.record import AuditLog
from backend.audit.actions.retire import DayIsBent, check_archives, overdue_days, retire_day
from backend.audit.actions.verify import verify
from backend.audit.chain import sealed
from backend.audit.documents import AuditTrail
from backend.audit.gateways.copy_file import FileCopy
from backend.audit.gateways.day_archive import DayArchive
from backend.audit.shipped import Shipped
from backend.privacy.retention import TABLE, TRAIL
from kernel.clock import TestClock
from tests.support.audit_trail import DAY, DAY_AFTER, EVENING, a_day, stored, viewed
from tests.support.officials import HOA, MINH

pytestmark = [pytest.mark.anyio, pytest.mark.proves("SEC-79", "SEC-68")]

KEEP = timedelta(days=30)
LATER = EVENING + timedelta(days=31)


@pytest.fixture
async def two_days(trail: AuditTrail) -> AuditTrail:
    """Two chains on the first day and one on the next, anchored."""
    for who in (HOA, MINH):
        await a_day(trail, who)
    await anchor(trail, now=EVENING)
    await a_day(trail, HOA, at=EVENING + timedelta(days=1))
    await anchor(trail, now=EVENING + timedelta(days=1))
    return trail


async def kinds(trail: AuditTrail, *, keep: timedelta = KEEP, now: datetime = LATER) -> set[str]:
    return {finding.kind for finding in (await verify(trail, keep=keep, now=now)).findings}


def test_the_trail_has_a_row_in_the_retention_table() -> None:
    assert TRAIL.basis
    assert TRAIL.keep_days >= max(rule.keep_days for rule in TABLE), "it outlives whatever it proves"


async def test_only_what_is_old_enough_is_due_and_counting_changes_nothing(two_days: AuditTrail) -> None:
    assert await overdue_days(two_days, KEEP, LATER) == {DAY: 12}
    assert await overdue_days(two_days, KEEP, LATER - timedelta(days=1)) == {}
    assert await overdue_days(two_days, timedelta(0), EVENING + timedelta(days=1)) == {}, "a day may not be over everywhere"
    assert len(await stored(two_days)) == 18


async def test_a_day_leaves_for_the_archive_and_the_rest_still_verifies(two_days: AuditTrail, tmp_path: Path) -> None:
    archive = DayArchive(tmp_path)
    assert await retire_day(two_days, DAY, archive, now=LATER) == 12
    assert {row["day"] for row in await stored(two_days)} == {DAY_AFTER}
    assert await kinds(two_days) == set()
    assert await check_archives(two_days, archive, LATER) == []
    assert len(archive.read(DAY)) == 12
    assert archive.path(DAY).stat().st_mode & 0o077 == 0
    # Recording and anchoring go on as if nothing had been.
    await a_day(two_days, HOA, at=LATER)
    assert await anchor(two_days, now=LATER)
    assert await kinds(two_days) == set()


async def test_the_second_copy_may_keep_what_has_left(trail: AuditTrail, tmp_path: Path) -> None:
    copy = FileCopy(tmp_path / "audit.jsonl")
    log = AuditLog(trail, TestClock(EVENING), copy)
    await log.record(HOA, viewed(1), viewed(2))
    await anchor(trail, now=EVENING, copy=copy)
    await retire_day(trail, DAY, DayArchive(tmp_path), now=LATER, copy=copy)
    lines = (tmp_path / "audit.jsonl").read_bytes().splitlines()
    assert (await verify(trail, copy=Shipped(lines), keep=KEEP, now=LATER)).whole


async def test_a_crash_between_the_word_and_the_deed_is_finished_later(
    two_days: AuditTrail, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = DayArchive(tmp_path)
    monkeypatch.setattr(retire, "AT_ONCE", 5)

    def crash(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await retire_day(two_days, DAY, archive, now=LATER, progress=crash)
    assert len(await stored(two_days)) == 13
    assert await kinds(two_days) == set()
    assert await overdue_days(two_days, KEEP, LATER) == {DAY: 7}
    assert await retire_day(two_days, DAY, archive, now=LATER) == 7
    assert await two_days.anchors.count_documents({"retired": {"$exists": True}}) == 1
    assert await check_archives(two_days, archive, LATER) == []


async def test_a_day_that_was_bent_stays(two_days: AuditTrail, tmp_path: Path) -> None:
    await two_days.records.delete_one({"day": DAY, "seq": 3})
    with pytest.raises(DayIsBent) as stays:
        await retire_day(two_days, DAY, DayArchive(tmp_path), now=LATER)
    assert {finding.kind for finding in stays.value.findings} == {"missing"}
    assert len(await stored(two_days)) == 17
    assert not DayArchive(tmp_path).path(DAY).exists()


async def test_without_an_archive_nothing_is_removed(two_days: AuditTrail, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nowhere"):
        await retire_day(two_days, DAY, DayArchive(tmp_path / "nowhere"), now=LATER)
    assert len(await stored(two_days)) == 18


Trick = Callable[[AuditTrail], Awaitable[object]]


async def pretends(trail: AuditTrail, *, at: datetime = EVENING, leave_out: int = 0) -> None:
    """Somebody with every right deletes the first day and writes an anchor that says it was retired."""
    last = await trail.anchors.find_one(sort=[("_id", -1)])
    assert last
    heads = [head for head in last["heads"] if head["day"] == DAY][leave_out:]
    told = {"day": DAY, "records": 12, "heads": heads, "sha256": "0" * 64}
    row = {"_id": last["seq"] + 1, "seq": last["seq"] + 1, "at": at, "day": last["day"], "heads": last["heads"], "retired": told}
    await trail.anchors.insert_one(sealed(row, last["hash"]))
    await trail.records.delete_many({"day": DAY})


async def says_nothing(trail: AuditTrail) -> None:
    await trail.records.delete_many({"day": DAY})


async def retires_before_its_time(trail: AuditTrail) -> None:
    await pretends(trail, at=EVENING + timedelta(days=3))


async def claims_the_future(trail: AuditTrail) -> None:
    await pretends(trail, at=EVENING + timedelta(days=4000))


async def claims_the_future_and_others_anchor_after(trail: AuditTrail) -> None:
    await claims_the_future(trail)
    await a_day(trail, HOA, at=EVENING + timedelta(days=2))
    await anchor(trail, now=EVENING + timedelta(days=2))


async def forgets_a_chain(trail: AuditTrail) -> None:
    await pretends(trail, at=LATER, leave_out=1)


@pytest.mark.parametrize(
    ("trick", "shown", "now"),
    [
        (says_nothing, "vanished", LATER),
        (retires_before_its_time, "retired_early", LATER),
        (claims_the_future, "retired_early", EVENING + timedelta(days=5)),
        (claims_the_future_and_others_anchor_after, "retired_early", EVENING + timedelta(days=9_000)),
        (forgets_a_chain, "vanished", LATER),
    ],
)
async def test_deleting_is_not_retiring(two_days: AuditTrail, trick: Trick, shown: str, now: datetime) -> None:
    await trick(two_days)
    assert shown in await kinds(two_days, now=now)


async def test_an_archive_that_was_touched_or_lost_is_found_out(two_days: AuditTrail, tmp_path: Path) -> None:
    archive = DayArchive(tmp_path)
    await retire_day(two_days, DAY, archive, now=LATER)
    lines = archive.read(DAY)
    archive.path(DAY).write_bytes(
        gzip.compress(b"\n".join([*lines[:4], lines[4].replace(b"dossier.viewed", b"dossier.listed"), *lines[5:]]))
    )
    assert {finding.kind for finding in await check_archives(two_days, archive, LATER)} == {"archive_altered", "altered"}
    archive.path(DAY).unlink()
    assert [finding.kind for finding in await check_archives(two_days, archive, LATER)] == ["archive_missing"]


async def test_who_may_only_insert_and_find_cannot_retire(
    two_days: AuditTrail, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refused(*_: object, **__: object) -> None:
        raise PyMongoError("not authorized")

    monkeypatch.setattr(type(two_days.records), "delete_many", refused)
    with pytest.raises(PyMongoError):
        await retire_day(two_days, DAY, DayArchive(tmp_path), now=LATER)
    assert len(await stored(two_days)) == 18
    assert await kinds(two_days) == set(), "it is on record, and another run with the right finishes it"
