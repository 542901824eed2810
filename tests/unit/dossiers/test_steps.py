"""What staff do with a dossier: take it in, move it, publish its result. Who may, from where, and what it leaves behind."""

import asyncio
from datetime import timedelta

import pytest

from backend.app.parts import Parts
from backend.dossiers import errors, states
from backend.dossiers.actions.create import NotYourAgency, create
from backend.dossiers.actions.publish_result import publish_result
from backend.dossiers.actions.record_events import record_events
from backend.dossiers.actions.steps import allowed_moves
from backend.dossiers.actions.transition import transition
from backend.dossiers.documents import Dossier
from backend.dossiers.due import counted
from backend.procedures.errors import ProcedureNotFound
from kernel.calendar import due_at
from kernel.deadline import Term
from kernel.errors import Forbidden, RoleMissing, StaleVersion, TooLarge
from kernel.machine import MoveNotAllowed
from kernel.mongo.files import Files
from kernel.principal import Principal
from kernel.privacy.field import Plain
from kernel.state_calendar import state_calendar
from kernel.working_time import WorkingTime
from tests.support.api import PDF
from tests.support.callers import NUMBERS
from tests.support.feed import ago, new_code, people, told
from tests.support.officials import BE, CENTRE, HOA, LAND_OFFICE, MINH, PHUC, citizen
from tests.support.parts import LIMITED, UNLIMITED, WORKING_DAYS

WORKING = WorkingTime(state_calendar(2028))
REASON = "Thiếu bản sao giấy tờ tùy thân"


async def dossier_in(parts: Parts, *statuses: str) -> Dossier:
    """A dossier that went through these statuses, an hour each."""
    code = new_code()
    events = [told(code, status, ago(hours=len(statuses) - n)) for n, status in enumerate(statuses)]
    await record_events(events, now=parts.clock.now(), people=people(parts))
    dossier = await Dossier.find_one({"code": code})
    assert dossier
    return dossier


async def take_in(parts: Parts, actor: Principal = HOA, **change: str) -> Dossier:
    now = parts.clock.now()
    usual = {
        "procedure_code": LIMITED,
        "personal_number": NUMBERS["lan"],
        "applicant_name": "  Nguyễn Thị\u200b Lan ",
        "receiving_agency": CENTRE,
        "deciding_agency": LAND_OFFICE,
    }
    return await create(actor, **{**usual, **change}, now=now, calendar=state_calendar(now.year + 2), people=people(parts))


async def publish(parts: Parts, actor: Principal, dossier: Dossier, content: bytes = PDF) -> Dossier:
    files = Files(parts.db)
    return await publish_result(actor, dossier.id, name="kết quả.pdf", content=content, now=parts.clock.now(), files=files)


async def test_a_dossier_taken_in_has_its_code_its_due_date_and_its_news(parts: Parts) -> None:
    one, two = await take_in(parts), await take_in(parts)
    now = parts.clock.now()
    assert (one.code[: len(CENTRE)], one.code[-4:], two.code[-4:]) == (CENTRE, "0001", "0002")
    assert one.due_at == due_at(now, WORKING_DAYS, state_calendar(now.year + 2))
    assert (one.status, one.applicant_name, one.accepted_at) == ("accepted", Plain("Nguyễn Thị Lan"), now)
    row = await parts.db["dossiers"].find_one({"_id": one.id})
    assert row
    assert [event["kind"] for event in row["outbox"]] == ["kernel.changed", "dossier.status_changed"]


async def test_a_procedure_without_a_limit_gives_no_due_date(parts: Parts) -> None:
    assert (await take_in(parts, procedure_code=UNLIMITED)).due_at is None


async def test_two_desks_never_get_the_same_number(parts: Parts) -> None:
    made = await asyncio.gather(*(take_in(parts) for _ in range(10)))
    assert len({dossier.code for dossier in made}) == 10


async def test_a_number_the_source_system_took_first_is_stepped_over(parts: Parts) -> None:
    first = await take_in(parts)
    taken = first.code[:-4] + "0002"
    await record_events([told(taken)], now=parts.clock.now(), people=people(parts))
    assert (await take_in(parts)).code[-4:] == "0003"


@pytest.mark.parametrize(
    ("change", "problem"), [({"receiving_agency": "H12.101"}, NotYourAgency), ({"procedure_code": "9.999999"}, ProcedureNotFound)]
)
async def test_who_takes_in_for_others_or_something_unknown_is_refused(
    parts: Parts, change: dict[str, str], problem: type[Exception]
) -> None:
    with pytest.raises(problem):
        await take_in(parts, **change)
    assert await Dossier.find_all().count() == 0


@pytest.mark.parametrize("move", [m for m in states.DOSSIER.moves if m.name not in states.OF_THEIR_OWN], ids=lambda m: m.name)
async def test_a_step_is_taken_by_who_may_and_by_nobody_else(parts: Parts, move: object) -> None:
    step = next(m for m in states.DOSSIER.moves if m is move)
    paths = {"registered": ["registered"], "accepted": ["accepted"], "finished": ["accepted", "finished"]}
    dossier = await dossier_in(parts, *paths.get(step.sources[0], ["accepted", step.sources[0]]))
    for role in sorted({"intake_officer", "handler", "approver"} - step.by):
        with pytest.raises(RoleMissing):
            await transition(_with(role), dossier.id, step.name, reason=REASON, now=parts.clock.now())
    if step.needs_reason:
        for reason in (None, "", "   kurz   ", "\u200b" * 20):
            with pytest.raises(errors.ReasonMissing):
                await transition(_with(*step.by), dossier.id, step.name, reason=reason, now=parts.clock.now())
    actor = citizen(str(dossier.applicant)) if step.by == {"citizen"} else _with(*step.by)
    moved = await transition(actor, dossier.id, step.name, reason=REASON, now=parts.clock.now())
    assert (moved.status, moved.version) == (step.target, 2)
    assert (moved.timeline[-1].actor, moved.timeline[-1].note, moved.timeline[-1].irregular) == (actor.id, Plain(REASON), False)


def _with(*roles: str) -> Principal:
    return Principal(id="staff", kind="staff", client_id="app", roles=frozenset(roles), agencies=frozenset({LAND_OFFICE}))


async def test_a_step_the_table_does_not_know_is_refused(parts: Parts) -> None:
    dossier = await dossier_in(parts, "registered")
    for name in ("return_result", "publish_result", "burn"):
        with pytest.raises(MoveNotAllowed):
            await transition(_with("approver", "handler"), dossier.id, name, reason=REASON, now=parts.clock.now())


async def test_a_result_is_not_published_without_its_file(parts: Parts) -> None:
    dossier = await dossier_in(parts, "accepted", "processing")
    with pytest.raises(MoveNotAllowed):
        await transition(MINH, dossier.id, "publish_result", reason=REASON, now=parts.clock.now())


async def test_of_two_who_move_at_once_one_wins_and_the_other_hears_of_it(parts: Parts) -> None:
    dossier = await dossier_in(parts, "accepted", "processing")
    steps = [transition(_with("handler", "approver"), dossier.id, "stop", reason=REASON, now=parts.clock.now()) for _ in range(6)]
    results = await asyncio.gather(*steps, return_exceptions=True)
    assert sum(isinstance(result, Dossier) for result in results) == 1
    assert all(isinstance(result, (Dossier, StaleVersion, MoveNotAllowed)) for result in results)


async def test_a_published_result_finishes_the_dossier_and_is_never_replaced(parts: Parts) -> None:
    dossier = await publish(parts, MINH, await dossier_in(parts, "accepted", "processing"))
    assert dossier.result
    assert (dossier.status, dossier.result.size, dossier.finished_at) == ("finished", len(PDF), dossier.status_at)
    with pytest.raises(errors.ResultAlreadyPublished):
        await publish(parts, MINH, dossier)


@pytest.mark.parametrize(
    ("actor", "statuses", "content", "problem"),
    [
        (HOA, ["accepted", "processing"], PDF, RoleMissing),
        (BE, ["accepted", "processing"], PDF, RoleMissing),
        (PHUC, ["accepted", "processing"], PDF, errors.DossierNotFound),
        (MINH, ["registered"], PDF, MoveNotAllowed),
        (MINH, ["accepted"], b"<html>", errors.FileNotAccepted),
        (MINH, ["accepted"], b"", errors.FileNotAccepted),
        (MINH, ["accepted"], PDF + b"x" * (20 * 1024 * 1024), TooLarge),
    ],
)
async def test_a_result_that_may_not_be_published_changes_nothing(
    parts: Parts, actor: Principal, statuses: list[str], content: bytes, problem: type[Exception]
) -> None:
    dossier = await dossier_in(parts, *statuses)
    with pytest.raises(problem):
        await publish(parts, actor, dossier, content)
    after = await Dossier.get(dossier.id)
    assert after == dossier


@pytest.mark.proves("SEC-43")
async def test_a_foreign_dossier_does_not_exist(parts: Parts) -> None:
    dossier = await dossier_in(parts, "accepted")
    for stranger in (PHUC, citizen("s_somebody_else"), Principal(id="x", kind="citizen", client_id="app")):
        with pytest.raises(errors.DossierNotFound):
            await transition(stranger, dossier.id, "stop", reason=REASON, now=parts.clock.now())
    with pytest.raises(Forbidden):
        await transition(Principal(id="s", kind="system", client_id="s"), dossier.id, "stop", reason=REASON, now=parts.clock.now())


def test_a_citizen_and_an_official_are_offered_their_own_steps() -> None:
    assert [move.name for move in allowed_moves(citizen(), "processing")] == ["request_withdrawal"]
    assert [move.name for move in allowed_moves(MINH, "processing")] == ["request_papers", "stop", "publish_result"]
    assert allowed_moves(BE, "processing") == []


async def test_what_is_promised_is_remembered_with_what_it_was_promised_by(parts: Parts) -> None:
    promise = (await take_in(parts)).promise
    assert promise
    assert (promise.amount, promise.unit, promise.procedure) == (WORKING_DAYS, "working_days", LIMITED)
    assert promise.procedure_version >= 1
    assert promise.calendar.startswith("vn-")


async def test_a_pause_keeps_what_is_left_and_gives_it_back(parts: Parts) -> None:
    made = await take_in(parts)
    asked = await transition(HOA, made.id, "request_papers", reason=REASON, now=parts.clock.now())
    assert asked.due_at is None, "nobody can say when it is due before the papers are there"
    later = parts.clock.now() + timedelta(days=9)
    back = await transition(HOA, made.id, "papers_received", reason=None, now=later)
    assert back.due_at
    assert made.due_at
    assert back.due_at > made.due_at
    assert back.due_at == counted(back.accepted_at or later, Term(WORKING_DAYS, "working_days"), back.timeline, WORKING).due_at


async def test_a_told_date_is_recorded_and_moves_only_with_a_pause_of_ours(parts: Parts) -> None:
    now, code = parts.clock.now(), new_code()
    due = WORKING.closing(WORKING.calendar.working_days_after(now.date(), 10))
    events = [told(code, "accepted", ago(hours=2), due_at=due.isoformat()), told(code, "processing", ago(hours=1))]
    await record_events(events, now=now, people=people(parts))
    dossier = await Dossier.find_one({"code": code})
    assert dossier
    assert dossier.due_at == due
    asked = await transition(HOA, dossier.id, "request_papers", reason=REASON, now=now)
    assert asked.due_at == due, "what a source told is not corrected"
    back = await transition(HOA, dossier.id, "papers_received", reason=None, now=now + timedelta(days=7))
    assert back.due_at
    assert back.due_at > due
