"""One number, one subject, until it is erased; then another, for ever."""

import asyncio

import pytest

from kernel.mongo.client import Database
from kernel.personal import CitizenKeys, PersonalNumberMalformed
from kernel.privacy.subjects import Subjects
from kernel.privacy.vault import Vault
from tests.unit.privacy.cards import NOW

NUMBER, OTHER = "096199000001", "096199000002"

pytestmark = pytest.mark.usefixtures("vault")


async def test_one_number_is_one_subject_however_it_is_written(subjects: Subjects, database: Database) -> None:
    assert await subjects.of(NUMBER) == await subjects.of(" 096 199 000 001 ") != await subjects.of(OTHER)
    row = await database["subjects"].find_one({})
    assert row
    assert NUMBER not in str(row)
    assert CitizenKeys(b"x" * 32).key(NUMBER)[2:] not in row["_id"]


async def test_many_who_ask_at_once_hear_the_same(subjects: Subjects, database: Database) -> None:
    askers = [Subjects(CitizenKeys(b"x" * 32)) for _ in range(12)]
    assert len(set(await asyncio.gather(*(asker.of(NUMBER) for asker in askers)))) == 1
    assert await database["subjects"].count_documents({}) == 1


@pytest.mark.proves("SEC-75")
async def test_who_comes_back_after_an_erasure_is_somebody_new(subjects: Subjects, vault: Vault) -> None:
    from kernel.privacy.field import Plain

    before = await subjects.of(NUMBER)
    await vault.seal(before, Plain("x"))
    await vault.erase(before, now=NOW)
    for _ in range(2):
        await subjects.forget(before, now=NOW)
    after = await subjects.of(NUMBER)
    assert after != before
    assert await vault.open_one(await vault.seal(after, Plain("y"))) == "y"


@pytest.mark.proves("SEC-75")
async def test_nothing_leads_from_a_forgotten_subject_to_a_number(subjects: Subjects, database: Database) -> None:
    gone = await subjects.of(NUMBER)
    await subjects.forget(gone, now=NOW)
    row = await database["subjects"].find_one({"_id": gone})
    assert row
    assert set(row) == {"_id", "version", "erased_at"}
    # More than one forgotten subject beside each other: the unique index is about living ones.
    await subjects.forget(await subjects.of(NUMBER), now=NOW)
    assert await database["subjects"].count_documents({}) == 2


@pytest.mark.parametrize("number", ["", "12", "09619900000a", "0961990000011"])
async def test_what_is_no_number_makes_no_subject(subjects: Subjects, database: Database, number: str) -> None:
    with pytest.raises(PersonalNumberMalformed):
        await subjects.of(number)
    assert await database["subjects"].count_documents({}) == 0
