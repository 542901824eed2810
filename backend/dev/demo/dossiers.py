"""Two thousand dossiers with coherent timelines over the twelve months before `now`, told as a source system would."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random
from typing import cast, get_args

import msgspec

from backend.dev.demo import lan
from backend.dev.demo.cases import Case, arrival_days, invent
from backend.dev.demo.events import Applicant, DemoDossier, DossierEvent, Irregularity, Status
from backend.dev.demo.office import HOURS_A_DAY, Office
from backend.dev.demo.persons import DemoPerson
from backend.dev.demo.remarks import remark
from backend.dev.demo.routes import office_hours
from kernel.calendar import Calendar
from kernel.clock import VIETNAM

SOURCE = "one-stop-demo"
TAX_OFFICE = "H12.16"

_IRREGULAR = 0.011
_FEWEST_TO_MIX_UP = 4


def dossiers(
    people: tuple[DemoPerson, ...], *, now: datetime, calendar: Calendar, count: int = 2_000, seed: int = 12, source: str = SOURCE
) -> Iterator[DemoDossier]:
    """`count` dossiers, oldest first; nothing happens after `now`.

    The first of `people` owns the story's dossiers (lan.py), the others the rest. `calendar` has to reach a year beyond `now`.
    """
    office, days = Office(calendar), arrival_days(now, Office(calendar))
    stories = lan.cases(people[0], now, office)
    cases = stories + [invent(Random(f"{seed}/{n}"), people[1:], days, office) for n in range(count - len(stories))]
    taken: Counter[str] = Counter()
    for n, case in enumerate(sorted(cases, key=lambda c: (c.received, c.procedure.code, c.person.login))):
        rng = Random(f"{seed}/walk/{n}")
        prefix = f"{case.receiving}-{case.received.astimezone(VIETNAM):%y%m%d}"
        taken[prefix] += 1
        told = list(_walk(rng, case, office, f"{prefix}-{taken[prefix]:04}", now, source))
        yield _told(rng, told, may_err=case.person is not people[0])


def _walk(rng: Random, case: Case, office: Office, code: str, now: datetime, source: str) -> Iterator[DossierEvent]:
    """Follow the route until it ends or the present is reached. The due date moves by whatever time the clock stood still."""
    left = _budget(case)
    at, agency = case.received, case.deciding
    before: Status | None = None
    due: datetime | None = None
    for n, status in enumerate(case.route):
        if before is not None:
            hours = office_hours(rng, before, status, left)
            paused = before in ("awaiting_papers", "awaiting_payment")
            left, earlier, at = left - (0 if paused else hours), at, office.after(at, hours)
            if paused and due is not None and status == "processing":
                due = office.prolonged(due, earlier, at)
        if at > now:
            return
        if status == "accepted":
            due = office.due(at, case.procedure.amount, case.procedure.unit)
        agency = _handed_to(case, before, status, agency)
        yield DossierEvent(
            source=source,
            event_id=f"{code}-{n + 1:02}",
            dossier_code=code,
            status=status,
            at=at.astimezone(UTC).replace(microsecond=0),
            procedure_code=case.procedure.code,
            procedure_name=case.procedure.name,
            applicant=Applicant(case.person.personal_number, case.person.name),
            receiving_agency=case.receiving,
            deciding_agency=agency,
            submit_channel=case.channel,
            due_at=due.astimezone(UTC) if due else None,
            note=remark(rng, before, status),
        )
        before = status


def _budget(case: Case) -> float:
    """Office hours the agency spends on a case: its pace times the limit, calendar days taken as five in seven."""
    days = case.procedure.amount * (1 if case.procedure.unit == "working_days" else 5 / 7)
    return case.pace * days * HOURS_A_DAY


def _handed_to(case: Case, before: Status | None, status: Status, agency: str) -> str:
    """Who has the dossier now: handed on within the procedure it is the tax office's, and comes back once the citizen has paid."""
    if status != "processing":
        return agency
    return TAX_OFFICE if before == "processing" else case.deciding


def _told(rng: Random, events: list[DossierEvent], *, may_err: bool) -> DemoDossier:
    """The events as delivered: one dossier in a hundred arrives as source systems sometimes send them."""
    code = events[0].dossier_code
    if not may_err or len(events) < _FEWEST_TO_MIX_UP or rng.random() >= _IRREGULAR:
        return DemoDossier(code, tuple(events))
    kind = cast("Irregularity", rng.choice(get_args(Irregularity)))
    if kind == "skipped":
        events = [event for event in events if event.status != "accepted"]
    elif kind == "repeated":
        events = [*events, events[-2]]
    else:
        events = [*events[:-2], events[-1], events[-2]]
    return DemoDossier(code, tuple(events), kind)


def as_json(dossier: DemoDossier) -> list[dict[str, object]]:
    """The events ready for the wire."""
    return cast("list[dict[str, object]]", msgspec.to_builtins(dossier.events))
