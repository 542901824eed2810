"""A dossier that was there before its citizen was known is that citizen's from the first word on, also when they are erased."""

import asyncio
from typing import Any

import pytest

from backend.app.parts import Parts
from backend.dossiers import personal_data
from backend.dossiers.actions.applicant import People
from backend.dossiers.actions.record_events import record_events
from backend.dossiers.documents import Dossier
from backend.dossiers.search import name_beginnings
from kernel.privacy.field import Sealed
from kernel.privacy.vault import ERASED
from tests.support.feed import ago, new_code, told
from tests.unit.privacy.cards import NAME, NOW


@pytest.fixture
def people(parts: Parts) -> People:
    return People(parts.subjects, parts.vault)


async def tell(parts: Parts, people: People, *events: Any) -> None:
    outcomes = await record_events(events, now=parts.clock.now(), people=people)
    assert {one.outcome for one in outcomes} == {"applied"}


async def row_of(parts: Parts, code: str) -> dict[str, Any]:
    row = await parts.db["dossiers"].find_one({"code": code})
    assert row
    return row


async def dossier_without_a_number(parts: Parts, people: People) -> str:
    code = new_code()
    await tell(parts, people, told(code, at=ago(hours=2), personal_number=None, applicant_name=NAME, note="Ghi chú"))
    return code


@pytest.mark.proves("SEC-72")
async def test_a_name_without_a_number_is_sealed_and_found_by_its_beginnings(parts: Parts, people: People) -> None:
    row = await row_of(parts, await dossier_without_a_number(parts, people))
    assert "applicant" not in row
    assert isinstance(row["applicant_name"], Sealed)
    assert isinstance(row["timeline"][0]["note"], Sealed)
    assert set(row["name_tokens"]) == {await parts.vault.token(word) for word in name_beginnings(NAME)}


@pytest.mark.proves("SEC-75")
async def test_when_the_number_arrives_everything_is_sealed_for_the_citizen(parts: Parts, people: People) -> None:
    code = await dossier_without_a_number(parts, people)
    before = await row_of(parts, code)
    await tell(parts, people, told(code, "processing", ago(hours=1), note="Thêm"))
    after = await row_of(parts, code)
    opened, keys = (await parts.vault.open([after]))[0], {v.key_id for v in sealed_in(after)}
    assert (opened["applicant_name"], [entry["note"] for entry in opened["timeline"]]) == (NAME, ["Ghi chú", "Thêm"])
    assert len(keys) == 1
    assert keys.isdisjoint({v.key_id for v in sealed_in(before)})


@pytest.mark.proves("SEC-75")
async def test_erasing_the_citizen_closes_it_and_yesterdays_backup_of_it(parts: Parts, people: People) -> None:
    code = await dossier_without_a_number(parts, people)
    yesterday = await row_of(parts, code)
    await tell(parts, people, told(code, "processing", ago(hours=1)))
    subject = (await row_of(parts, code))["applicant"]
    await parts.subjects.forget(subject, now=NOW)
    await parts.vault.erase(subject, now=NOW)
    assert [await personal_data.erase(subject, NOW) for _ in range(2)] == [1, 0]
    today = await row_of(parts, code)
    assert {"applicant", "name_tokens"} & set(today) == set()
    for row in await parts.vault.open([yesterday, today]):
        assert (row["applicant_name"], row["timeline"][0]["note"]) == (ERASED, ERASED)


async def test_the_case_goes_on_after_the_erasure_without_its_person(parts: Parts, people: People) -> None:
    code = await dossier_without_a_number(parts, people)
    await tell(parts, people, told(code, "processing", ago(hours=1)))
    subject = (await row_of(parts, code))["applicant"]
    await parts.subjects.forget(subject, now=NOW)
    await parts.vault.erase(subject, now=NOW)
    late = told(code, "finished", ago(minutes=1), note="Đã trả kết quả", applicant_name=NAME)
    [while_erasing] = await record_events([late], now=parts.clock.now(), people=people)
    assert while_erasing.outcome == "invalid"
    await personal_data.erase(subject, NOW)
    await tell(parts, people, late)
    row = (await parts.vault.open([await row_of(parts, code)]))[0]
    assert (row["status"], row["applicant_name"], row["timeline"][-1]["note"]) == ("finished", ERASED, "Đã trả kết quả")
    assert ("applicant" in row, row["name_tokens"]) == (False, [])


async def test_a_number_that_arrives_twice_at_once_hands_over_once(parts: Parts, people: People) -> None:
    code = await dossier_without_a_number(parts, people)
    await asyncio.gather(*(tell(parts, people, told(code, "processing", ago(minutes=n), note=str(n))) for n in (1, 2, 3)))
    row = await row_of(parts, code)
    assert len({value.key_id for value in sealed_in(row)}) == 1
    assert row["applicant"] == await parts.subjects.of("096199000001")
    loaded = await Dossier.get(row["_id"])
    assert loaded
    assert loaded.data_subject() == row["applicant"]


def sealed_in(row: dict[str, Any]) -> list[Sealed]:
    from kernel.privacy.walk import each

    return list(each(row, Sealed))
