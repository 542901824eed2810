"""From the request to the end: what may happen in between, and what a crash in the middle leaves."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from backend.privacy import states
from backend.privacy.actions.answer_request import acknowledge, extend, refuse
from backend.privacy.actions.erase import carry_out, steps
from backend.privacy.actions.make_request import request_erasure, take_back
from backend.privacy.documents import ErasureRequest
from backend.privacy.errors import AlreadyExtended, ErasureNotFound, ErasureReasonMissing
from backend.privacy.jobs import look_at_erasures
from kernel.errors import AuditUnavailable, StaleVersion
from kernel.machine import MoveNotAllowed
from kernel.principal import Principal
from kernel.privacy.errors import SubjectErased
from kernel.privacy.vault import ERASED
from kernel.slice import PersonalData
from tests.unit.privacy_slice.keeper import ADMIN, NAME, NUMBER, Keeper

REASON = "Đang chờ kết luận thanh tra."


async def asked(keeper: Keeper) -> ErasureRequest:
    held = keeper.holdings
    return await request_erasure(keeper.citizen(), now=held.clock.now(), calendar=held.calendar(), audit=held.audit)


async def waiting(keeper: Keeper) -> ErasureRequest:
    """A request whose waiting period is over."""
    request = await acknowledge(ErasureRequest, ADMIN, (await asked(keeper)).id, keeper.holdings)
    assert request.state == states.WAITING
    assert request.waits_until
    keeper.clock.advance(request.waits_until - keeper.clock.now())
    return request


async def stored(request: ErasureRequest) -> ErasureRequest:
    found = await ErasureRequest.get(request.id)
    assert found
    return found


@pytest.mark.proves("SEC-75", "SEC-77")
async def test_after_the_waiting_period_nothing_about_the_citizen_can_be_read_and_the_case_still_counts(keeper: Keeper) -> None:
    await keeper.note()
    request = await waiting(keeper)
    assert (await keeper.opened())[0]["name"] == NAME

    looked = await look_at_erasures(keeper.holdings)

    assert (looked.erased, looked.failed) == (1, 0)
    (note,) = await keeper.opened()
    assert note["name"] is note["text"] is note["file"]["key"] is ERASED
    assert "whose" not in note
    assert "token" not in note
    assert await keeper.db["notes"].count_documents({}) == 1
    done = await stored(request)
    assert (done.state, done.open) == (states.DONE, None)
    assert [step.name for step in done.steps] == list(steps(keeper.holdings))
    assert {step.name: step.touched for step in done.steps}["erase:notes"] == 1
    assert keeper.audit.actions() == ["erasure.requested", "erasure.acknowledged", "erasure.done"]
    assert keeper.audit.entries[-1][1].subjects == (keeper.subject,)


@pytest.mark.proves("SEC-75")
async def test_who_comes_back_is_somebody_new(keeper: Keeper) -> None:
    await keeper.note()
    await waiting(keeper)
    await look_at_erasures(keeper.holdings)
    assert await keeper.holdings.subjects.of(NUMBER) != keeper.subject
    with pytest.raises(SubjectErased):
        await keeper.note()


@pytest.mark.proves("SEC-77")
async def test_nothing_happens_before_the_waiting_period_is_over(keeper: Keeper) -> None:
    await keeper.note()
    request = await waiting(keeper)
    keeper.clock.advance(-timedelta(seconds=1))
    await look_at_erasures(keeper.holdings)
    assert (await carry_out(await stored(request), keeper.holdings)).state == states.WAITING
    assert (await keeper.opened())[0]["name"] == NAME


@pytest.mark.proves("SEC-77")
@pytest.mark.parametrize("when", ["requested", "waiting", "deferred"])
async def test_a_citizen_takes_the_request_back_and_loses_nothing(keeper: Keeper, when: str) -> None:
    await keeper.note()
    keeper.cases.open = ["H12.13-260701-0001"] if when == "deferred" else []
    request = await asked(keeper)
    if when != "requested":
        assert (await acknowledge(ErasureRequest, ADMIN, request.id, keeper.holdings)).state == when
    await take_back(ErasureRequest, keeper.citizen(), request.id, now=keeper.clock.now(), audit=keeper.audit)
    keeper.clock.advance(timedelta(days=60))
    assert (await look_at_erasures(keeper.holdings)).erased == 0
    assert (await stored(request)).state == states.TAKEN_BACK
    assert (await keeper.opened())[0]["name"] == NAME
    assert (await asked(keeper)).id != request.id


async def test_nobody_takes_back_what_another_citizen_asked_for(keeper: Keeper) -> None:
    request = await asked(keeper)
    somebody = Principal(id="p", kind="citizen", client_id="app", citizen_key="s_other")
    with pytest.raises(ErasureNotFound):
        await take_back(ErasureRequest, somebody, request.id, now=keeper.clock.now(), audit=keeper.audit)


async def test_a_second_request_is_the_first_one(keeper: Keeper) -> None:
    first, *others = await asyncio.gather(*(asked(keeper) for _ in range(4)))
    assert {first.id} == {other.id for other in others}
    assert keeper.audit.actions().count("erasure.requested") == 1


async def test_once_it_has_begun_there_is_no_way_back(keeper: Keeper) -> None:
    request = await waiting(keeper)
    keeper.audit.broken = True
    with pytest.raises(AuditUnavailable):
        await carry_out(await stored(request), keeper.holdings)
    for step in (
        take_back(ErasureRequest, keeper.citizen(), request.id, now=keeper.clock.now(), audit=keeper.audit),
        refuse(ErasureRequest, ADMIN, request.id, REASON, keeper.holdings),
        extend(ErasureRequest, ADMIN, request.id, REASON, keeper.holdings),
    ):
        with pytest.raises(MoveNotAllowed):
            await step


async def test_of_a_taking_back_and_a_beginning_at_the_same_moment_one_wins(keeper: Keeper) -> None:
    request = await waiting(keeper)
    seen_by_worker = await stored(request)
    await take_back(ErasureRequest, keeper.citizen(), request.id, now=keeper.clock.now(), audit=keeper.audit)
    with pytest.raises(StaleVersion):
        await carry_out(seen_by_worker, keeper.holdings)
    assert await keeper.keys["keys"].count_documents({"erased_at": {"$exists": True}}) == 0


@pytest.mark.proves("SEC-77")
async def test_an_open_case_defers_the_erasure_until_it_is_closed(keeper: Keeper) -> None:
    await keeper.note()
    keeper.cases.open = ["H12.13-260701-0001"]
    request = await acknowledge(ErasureRequest, ADMIN, (await asked(keeper)).id, keeper.holdings)
    assert (request.state, request.open_cases) == (states.DEFERRED, keeper.cases.open)
    keeper.clock.advance(timedelta(days=40))
    await look_at_erasures(keeper.holdings)
    version = (await stored(request)).version
    await look_at_erasures(keeper.holdings)
    assert (await stored(request)).version == version, "looking again writes nothing"

    keeper.cases.open = []
    await look_at_erasures(keeper.holdings)
    assert (await stored(request)).state == states.WAITING
    assert (await look_at_erasures(keeper.holdings)).erased == 1, "its due date is long past: no more waiting"


@pytest.mark.proves("SEC-77")
async def test_a_case_opened_while_it_waits_defers_it_too(keeper: Keeper) -> None:
    await keeper.note()
    request = await waiting(keeper)
    keeper.cases.open = ["H12.13-260701-0002"]
    await look_at_erasures(keeper.holdings)
    assert (await stored(request)).state == states.DEFERRED
    assert (await keeper.opened())[0]["name"] == NAME


@pytest.mark.proves("SEC-77")
async def test_the_time_is_extended_once_and_with_a_reason(keeper: Keeper) -> None:
    request = await asked(keeper)
    with pytest.raises(ErasureReasonMissing):
        await extend(ErasureRequest, ADMIN, request.id, "  vì \u200b ", keeper.holdings)
    extended = await extend(ErasureRequest, ADMIN, request.id, REASON, keeper.holdings)
    assert extended.due_by > request.due_by
    with pytest.raises(AlreadyExtended):
        await extend(ErasureRequest, ADMIN, request.id, REASON, keeper.holdings)


async def test_a_refusal_has_a_reason_that_lies_sealed(keeper: Keeper) -> None:
    request = await asked(keeper)
    with pytest.raises(ErasureReasonMissing):
        await refuse(ErasureRequest, ADMIN, request.id, "không", keeper.holdings)
    await refuse(ErasureRequest, ADMIN, request.id, REASON, keeper.holdings)
    row = await keeper.db["erasure_requests"].find_one({"_id": request.id})
    assert row
    assert REASON not in str(row)
    assert (await keeper.holdings.vault.open([row]))[0]["reason"] == REASON


@pytest.mark.proves("SEC-75")
@pytest.mark.parametrize("broken_at", ["forget", "shred", "erase:notes", "erase:exports", "audit"])
async def test_a_crash_in_the_middle_is_finished_by_whoever_comes_next(keeper: Keeper, broken_at: str) -> None:
    await keeper.note()
    request = await waiting(keeper)
    with pytest.raises((RuntimeError, AuditUnavailable)):
        await carry_out(await stored(request), _broken(keeper, broken_at))
    half = await stored(request)
    assert half.state == states.ERASING
    names = list(steps(keeper.holdings))
    assert [step.name for step in half.steps] == (names if broken_at == "audit" else names[: names.index(broken_at)])

    keeper.audit.broken = False
    assert (await look_at_erasures(keeper.holdings)).erased == 1
    done = await stored(request)
    assert [step.name for step in done.steps] == names
    assert (await keeper.opened())[0]["name"] is ERASED
    assert await keeper.holdings.subjects.of(NUMBER) != keeper.subject


def _broken(keeper: Keeper, where: str) -> Any:
    """The same house in a process that dies at this step."""

    async def die(*_: Any, **__: Any) -> int:
        raise RuntimeError(where)

    held = keeper.holdings
    if where == "audit":
        keeper.audit.broken = True
        return held
    if where in ("forget", "shred"):
        dying = type("Dying", (), {"forget": staticmethod(die), "erase": staticmethod(die)})()
        return replace(held, **{"subjects" if where == "forget" else "vault": dying})
    parts = [
        PersonalData(part.name, part.vi, part.en, part.export, die) if where == f"erase:{part.name}" else part
        for part in held.personal_data
    ]
    return replace(held, personal_data=parts)


async def test_two_workers_on_one_request_erase_once(keeper: Keeper) -> None:
    await keeper.note()
    await waiting(keeper)
    looked = await asyncio.gather(*(look_at_erasures(keeper.holdings) for _ in range(3)))
    assert sum(look.failed for look in looked) == 0
    request = await ErasureRequest.find_one({})
    assert request
    if request.state == states.ERASING:
        # The one that began lost a later write to another, and that one to it: the next look ends it.
        await look_at_erasures(keeper.holdings)
        request = await stored(request)
    assert request.state == states.DONE
    assert [step.name for step in request.steps] == list(steps(keeper.holdings))


async def test_one_request_in_trouble_does_not_hold_up_the_next(keeper: Keeper) -> None:
    first = await waiting(keeper)
    held = keeper.holdings
    now = held.clock.now()
    other = Principal(id="p_other", kind="citizen", client_id="app", citizen_key="s_other", authenticated_at=now)
    second = await request_erasure(other, now=held.clock.now(), calendar=held.calendar(), audit=held.audit)
    second = await acknowledge(ErasureRequest, ADMIN, second.id, held)
    assert second.waits_until
    keeper.clock.advance(second.waits_until - keeper.clock.now())

    async def open_cases(subject: str) -> list[str]:
        if subject == keeper.subject:
            raise RuntimeError
        return []

    looked = await look_at_erasures(replace(held, open_cases=open_cases))
    assert (looked.erased, looked.failed) == (1, 1)
    assert ((await stored(first)).state, (await stored(second)).state) == (states.WAITING, states.DONE)
