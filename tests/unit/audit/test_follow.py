"""Whoever hands records on goes on where they were: nothing is left out, whoever was away for how long."""

import pytest

from backend.audit.actions.anchor import anchor
from backend.audit.actions.follow import BOOKMARKS, BookmarkMoved, follow
from backend.audit.actions.record import AuditLog
from backend.audit.chain import Row
from backend.audit.documents import AuditTrail
from kernel.clock import TestClock
from kernel.mongo.client import Database
from tests.support.audit_trail import DAY_AFTER, EVENING, stored, viewed
from tests.support.officials import HOA

pytestmark = [pytest.mark.anyio, pytest.mark.proves("SEC-70")]


class Reader:
    """Takes what it is handed, or breaks."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.away = False

    async def __call__(self, rows: list[Row]) -> None:
        if self.away:
            raise ConnectionRefusedError
        self.rows += rows

    def ids(self) -> list[str]:
        return sorted(str(row["_id"]) for row in self.rows)


async def written(trail: AuditTrail) -> list[str]:
    return sorted([str(row["_id"]) for row in [*await stored(trail), *await trail.anchors.find().to_list()]])


async def test_everything_is_handed_on_once_and_then_only_what_is_new(trail: AuditTrail, database: Database) -> None:
    clock, reader = TestClock(EVENING), Reader()
    first, second = AuditLog(trail, clock), AuditLog(trail, clock)
    for number in range(250):
        await first.record(HOA, *[viewed(number)])
    await second.record(HOA, viewed(1))
    await anchor(trail, now=clock.now())
    assert await follow(trail, database, "syslog", reader) == 252
    assert await follow(trail, database, "syslog", reader) == 0
    # A writer who began before goes on after, another day begins, and the first is not over yet.
    await second.record(HOA, viewed(2))
    await AuditLog(trail, TestClock(EVENING.replace(day=21))).record(HOA, viewed(3))
    await first.record(HOA, viewed(4))
    await anchor(trail, now=clock.now())
    assert await follow(trail, database, "syslog", reader) == 4
    await second.record(HOA, viewed(5))
    assert await follow(trail, database, "syslog", reader) == 1
    assert reader.ids() == await written(trail)
    assert any(row["day"] == DAY_AFTER for row in reader.rows)


async def test_a_reader_that_was_away_loses_nothing(trail: AuditTrail, database: Database) -> None:
    log, reader = AuditLog(trail, TestClock(EVENING)), Reader()
    await log.record(HOA, viewed(1))
    await follow(trail, database, "syslog", reader)
    reader.away = True
    for day in (21, 22, 23):
        await AuditLog(trail, TestClock(EVENING.replace(day=day))).record(HOA, viewed(day))
        with pytest.raises(ConnectionRefusedError):
            await follow(trail, database, "syslog", reader)
    reader.away = False
    assert await follow(trail, database, "syslog", reader) == 3
    assert reader.ids() == await written(trail)


async def test_two_readers_have_a_bookmark_each_and_two_workers_of_one_do_not_both_go_on(
    trail: AuditTrail, database: Database
) -> None:
    await AuditLog(trail, TestClock(EVENING)).record(HOA, viewed(1))
    reader = Reader()

    async def overtaken(_: list[Row]) -> None:
        await follow(trail, database, "syslog", reader)

    with pytest.raises(BookmarkMoved):
        await follow(trail, database, "syslog", overtaken)
    assert await follow(trail, database, "who_looked", Reader()) == 1
    assert len(reader.rows) == 1
    marks = await database[BOOKMARKS].find().to_list()
    assert {(mark["_id"], mark["version"]) for mark in marks} == {("syslog", 1), ("who_looked", 1)}
