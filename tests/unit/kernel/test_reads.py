"""The door of the hot reads: whichever driver is behind it, the answer is the same, and what was sealed comes opened (ADR 0001)."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import ClassVar, get_args

import pytest
from beanie.odm.fields import IndexModelField
from pymongo import IndexModel

from kernel.mongo.client import Database, bind
from kernel.mongo.document import Stored
from kernel.mongo.reads import Driver, MotorReads, PyMongoReads, Reads, open_reads
from kernel.privacy.field import PersonalText, PersonName, Plain
from kernel.privacy.vault import ERASED, Vault

AT = datetime(2026, 7, 1, 8, 0, 0, 123_000, tzinfo=UTC)
NEWEST_FIRST = [("at", -1), ("_id", -1)]


class Guest(Stored):
    """Somebody who signed the book, with everything a row can hold."""

    whose: str
    name: PersonName
    remarks: list[PersonalText] = []
    token: bytes = b"\x00\xff"
    at: datetime
    outbox: list[dict[str, str]] = []

    class Settings:
        name = "guests"
        indexes: ClassVar[list[IndexModelField | IndexModel]] = []

    def data_subject(self) -> str:
        return self.whose


@pytest.fixture
async def book(database: Database, vault: Vault) -> Database:
    """Three guests: two of Lan's, one of Nam's."""
    await bind(database, [Guest], vault, build_indexes=True)
    for n, (whose, name) in enumerate([("s_lan", "Nguyễn Thị Lan"), ("s_nam", "Trần Văn Nam"), ("s_lan", "Chim Yến")]):
        remarks = [Plain("Đẹp"), Plain("Ồn")] if n == 0 else []
        await Guest(id=f"g{n}", whose=whose, name=Plain(name), remarks=remarks, at=AT + timedelta(days=n)).commit()
    return database


@pytest.fixture(params=get_args(Driver))
async def reads(request: pytest.FixtureRequest, book: Database, mongodb_uri: str, vault: Vault) -> AsyncIterator[Reads]:
    reads = open_reads(request.param, book, mongodb_uri, vault)
    assert type(reads) is {"pymongo": PyMongoReads, "motor": MotorReads}[request.param]
    yield reads
    await reads.close()


async def test_a_row_comes_whole_with_what_was_sealed_opened(reads: Reads) -> None:
    assert await reads.one("guests", {"_id": "g0"}) == {
        "_id": "g0",
        "version": 1,
        "whose": "s_lan",
        "name": "Nguyễn Thị Lan",
        "remarks": ["Đẹp", "Ồn"],
        "token": b"\x00\xff",
        "at": AT,
        "outbox": [],
    }


async def test_a_moment_comes_with_its_zone(reads: Reads) -> None:
    row = await reads.one("guests", {"_id": "g0"})
    assert row
    assert row["at"].utcoffset() == timedelta()


async def test_what_is_hidden_does_not_come(reads: Reads) -> None:
    row = await reads.one("guests", {"_id": "g1"}, {"outbox": 0, "token": 0, "remarks": 0})
    assert row == {"_id": "g1", "version": 1, "whose": "s_nam", "name": "Trần Văn Nam", "at": AT + timedelta(days=1)}


async def test_a_row_that_is_not_there_is_none(reads: Reads) -> None:
    assert await reads.one("guests", {"_id": "nobody"}) is None
    assert await reads.many("guests", {"_id": "nobody"}, shown=None, sort=NEWEST_FIRST, limit=5) == []


async def test_a_list_comes_in_its_order_and_no_longer_than_asked(reads: Reads) -> None:
    rows = await reads.many("guests", {}, shown={"name": 1}, sort=NEWEST_FIRST, limit=2)
    assert rows == [{"_id": "g2", "name": "Chim Yến"}, {"_id": "g1", "name": "Trần Văn Nam"}]


@pytest.mark.proves("SEC-75")
async def test_an_erased_citizens_row_comes_all_the_same_and_says_so_beside_the_others(reads: Reads, vault: Vault) -> None:
    await vault.erase("s_lan", now=AT)
    rows = await reads.many("guests", {}, shown={"name": 1, "remarks": 1}, sort=NEWEST_FIRST, limit=9)
    assert [row["name"] for row in rows] == [ERASED, "Trần Văn Nam", ERASED]
    assert rows[2]["remarks"] == [ERASED, ERASED]
