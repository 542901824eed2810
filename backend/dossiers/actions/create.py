"""The desk takes a dossier in: it gets its code, its due date and its place in the queue."""

from contextlib import suppress
from datetime import datetime, time
from typing import Any

from pymongo.errors import DuplicateKeyError

from backend.agencies.queries import in_place_of
from backend.dossiers import states
from backend.dossiers.actions.applicant import People
from backend.dossiers.actions.changes import news
from backend.dossiers.actions.steps import OWN_SOURCE
from backend.dossiers.documents import Dossier, Promise, TimelineEntry
from backend.dossiers.search import search_keys
from backend.procedures.queries import ProcedureBrief, find_procedure
from kernel.calendar import Calendar
from kernel.clock import VIETNAM
from kernel.errors import Forbidden, Unavailable
from kernel.ids import new_id
from kernel.personal import check_personal_number
from kernel.principal import Principal
from kernel.working_time import WorkingTime

NUMBERS = "dossier_numbers"
NUMBER_TRIES = 100


class NotYourAgency(Forbidden):
    """You can only take in dossiers for an agency you work for."""

    vi = "Bạn chỉ có thể tiếp nhận hồ sơ cho cơ quan mình làm việc."


class NumbersTaken(Unavailable):
    """No free dossier number could be found for today: try again."""

    vi = "Chưa cấp được số hồ sơ hôm nay: vui lòng thử lại."


async def create(
    actor: Principal,
    *,
    procedure_code: str,
    personal_number: str,
    applicant_name: str,
    receiving_agency: str,
    deciding_agency: str,
    now: datetime,
    calendar: Calendar,
    people: People,
    dossier_id: str | None = None,
    cutoff: time | None = None,
) -> Dossier:
    """Take in a dossier of a procedure of the catalogue, under `dossier_id` where the caller may come again: then it is made once.

    The procedure's limit becomes a promise, kept as it was given; a procedure without a single limit promises no date.

    Raises:
        ProcedureNotFound, NotYourAgency, PersonalNumberMalformed.
        UnknownYear: the limit reaches beyond the known working calendar.
    """
    await _check_desk(actor, receiving_agency, now)
    check_personal_number(personal_number)
    procedure, dossier_id = await find_procedure(procedure_code), dossier_id or new_id()
    accepted = TimelineEntry(
        key=f"{OWN_SOURCE}:{new_id()}",
        at=now,
        recorded_at=now,
        status=states.ACCEPTED,
        source=OWN_SOURCE,
        agency=receiving_agency,
        actor=actor.id,
    )
    for _ in range(NUMBER_TRIES):
        # Whoever was here before and died before they could answer has made it.
        if made := await Dossier.get(dossier_id):
            return made
        code = await _next_code(receiving_agency, now)
        dossier = Dossier(
            id=dossier_id,
            code=code,
            procedure_code=procedure.code,
            procedure_name=procedure.name,
            receiving_agency=receiving_agency,
            deciding_agency=deciding_agency,
            status=states.ACCEPTED,
            status_at=now,
            updated_at=now,
            timeline=[],
            promise=_promise(procedure, calendar, cutoff),
            search=search_keys(code, procedure.name),
        )
        dossier.tell(accepted)
        dossier.settle(WorkingTime(calendar))
        await people.apply(dossier, personal_number, applicant_name)
        # A source system numbers for the same agency: where it was faster, the next number is taken.
        with suppress(DuplicateKeyError):
            return await dossier.commit(*news(None, dossier))
    raise NumbersTaken


def _promise(procedure: ProcedureBrief, calendar: Calendar, cutoff: time | None) -> Promise | None:
    """What the counter promises today, and by what."""
    if procedure.term is None:
        return None
    return Promise(
        amount=procedure.term.amount,
        unit=procedure.term.unit,
        procedure=procedure.code,
        procedure_version=procedure.version,
        decision=procedure.decision,
        calendar=calendar.version,
        cutoff=f"{cutoff:%H:%M}" if cutoff else None,
    )


async def _check_desk(actor: Principal, agency: str, now: datetime) -> None:
    # What another agency has taken over is worked off, and takes nothing in.
    there = await in_place_of(agency, now.astimezone(VIETNAM).date()) in (agency, None)
    if not there or agency not in actor.where("intake_officer"):
        raise NotYourAgency


async def _next_code(agency: str, now: datetime) -> str:
    """The next number of this agency today; two desks never get the same one."""
    day = now.astimezone(VIETNAM).strftime("%y%m%d")
    numbers = Dossier.get_pymongo_collection().database[NUMBERS]
    counted: Any = await numbers.find_one_and_update(
        {"_id": f"{agency}-{day}"}, {"$inc": {"last": 1}}, upsert=True, return_document=True
    )
    return f"{agency}-{day}-{counted['last']:04d}"
