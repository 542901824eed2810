"""A claim on a keyed request: one holder at a time, by the database's clock; an answer that its citizen can have erased."""

import asyncio
from datetime import UTC, datetime

import pytest

from kernel.http.claims import LEASE, SLICE, Answer, AnswerErased, Claim, KeyedRequest, take
from kernel.mongo.client import Database, bind
from kernel.privacy.errors import SubjectErased
from kernel.privacy.vault import Vault

pytestmark = pytest.mark.proves("R-A1", "I12")

NOW = datetime(2026, 7, 1, 8, tzinfo=UTC)
ANSWER = Answer(201, {"content-type": "application/json", "location": "/v1/lamps/x"}, '{"name":"Nguyễn Thị Lan"}'.encode())


@pytest.fixture
async def keyed(database: Database, vault: Vault) -> Database:
    await bind(database, [KeyedRequest], vault, build_indexes=True)
    return database


async def ask(fingerprint: str = "f") -> Claim:
    return await take("claim", fingerprint, "s_lan")


async def lease_runs_out(db: Database) -> None:
    await db["idempotency_keys"].update_many({}, {"$set": {"leased_until": datetime(2000, 1, 1, tzinfo=UTC)}})


async def test_of_fifty_who_ask_at_once_one_holds_it(keyed: Database) -> None:
    claims = await asyncio.gather(*(ask() for _ in range(50)))
    assert [claim.held for claim in claims].count(True) == 1
    assert await keyed["idempotency_keys"].count_documents({}) == 1


async def test_the_answer_is_kept_as_it_was_and_nobody_holds_the_claim_again(keyed: Database) -> None:
    assert await (await ask()).keep(ANSWER, "s_lan")
    again = await ask()
    assert (again.answer, again.held) == (ANSWER, False)
    row = await keyed["idempotency_keys"].find_one()
    assert row
    assert {"token", "leased_until"}.isdisjoint(row)


async def test_whoever_was_too_slow_cannot_keep_theirs_nor_give_away_the_others_claim(keyed: Database) -> None:
    slow = await ask()
    assert not (await ask()).held
    await lease_runs_out(keyed)
    fast = await ask()
    assert fast.held
    assert not await slow.keep(ANSWER, "s_lan")
    await slow.release()
    assert await fast.keep(ANSWER, "s_lan")


async def test_a_lease_runs_by_the_clock_of_the_database(keyed: Database) -> None:
    await ask()
    row = await keyed["idempotency_keys"].find_one()
    assert row
    assert row["leased_until"] - row["begun_at"] == LEASE


async def test_another_request_under_the_key_is_seen_as_another_even_when_nobody_is_at_it(keyed: Database) -> None:
    await ask()
    await lease_runs_out(keyed)
    other = await ask("g")
    assert (other.fingerprint, other.held, other.answer) == ("f", False, None)


async def test_a_key_given_back_is_free_for_another_request(keyed: Database) -> None:
    await (await ask()).release()
    assert (await ask("g")).held


async def test_a_day_later_the_database_forgets(keyed: Database) -> None:
    indexes = await keyed["idempotency_keys"].index_information()
    assert indexes["keep_24_hours"]["expireAfterSeconds"] == 24 * 60 * 60
    assert indexes["keep_24_hours"]["key"] == [("begun_at", 1)]
    await ask()
    begun = (await keyed["idempotency_keys"].find_one() or {})["begun_at"]
    await ask()
    assert (await keyed["idempotency_keys"].find_one() or {})["begun_at"] == begun, "asking again does not make the day longer"


@pytest.mark.proves("SEC-72")
async def test_what_is_kept_is_sealed_and_unreadable_once_its_citizen_is_erased(keyed: Database, vault: Vault) -> None:
    await (await ask()).keep(ANSWER, "s_citizen")
    raw = await keyed["idempotency_keys"].find_raw_batches().__anext__()
    assert "Nguyễn".encode() not in raw
    await vault.erase("s_citizen", now=NOW)
    with pytest.raises(AnswerErased):
        await ask()
    [personal_data] = SLICE.personal_data
    assert await personal_data.erase("s_citizen", NOW) == 1
    assert await personal_data.erase("s_citizen", NOW) == 0
    assert (await ask()).held


async def test_for_an_erased_citizen_nothing_is_kept_and_the_key_is_free(keyed: Database, vault: Vault) -> None:
    await vault.erase("s_lan", now=NOW)
    with pytest.raises(SubjectErased):
        await (await ask()).keep(ANSWER, "s_lan")
    assert await keyed["idempotency_keys"].count_documents({}) == 0
