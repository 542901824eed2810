"""What source systems tell us: events of dossiers, by the thousand."""

from collections import Counter

from litestar import Controller, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import UNSET

from backend.dossiers.actions.applicant import People
from backend.dossiers.actions.record_events import Outcome
from backend.dossiers.actions.take_in import take_in
from backend.dossiers.schemas.dossiers import DossierEvent, DossierEventBatch, DossierEventOutcome, DossierEventOutcomes
from backend.dossiers.told import Told
from kernel.http.access import systems
from kernel.http.given import Actor, Language, TheAudit, TheClock
from kernel.http.limits import limited
from kernel.http.problems import problem_view

# A thousand events with long notes, in UTF-8.
MAX_BATCH_BYTES = 8 * 1024 * 1024


class DossierFeed(Controller):
    """The feed of a source system."""

    path = "/v1/integration/dossier-events"
    tags = ["Integration"]
    guards = [systems("dossiers:write")]
    opt = limited("feed")

    @post(
        "/",
        operation_id="recordDossierEvents",
        summary="Tell dossier events",
        status_code=200,
        request_max_body_size=MAX_BATCH_BYTES,
    )
    async def record(
        self,
        data: JSONBody[DossierEventBatch],
        actor: Actor,
        clock: TheClock,
        people: NamedDependency[People],
        audit: TheAudit,
        language: Language,
    ) -> DossierEventOutcomes:
        """Up to 1,000 events in any order; each is recorded once, whatever is sent how often, and gets its own answer."""
        told = [_told(event) for event in data.events]
        outcomes = await take_in(told, by=actor, now=clock.now(), people=people, audit=audit)
        counts = Counter(outcome.outcome for outcome in outcomes)
        return DossierEventOutcomes(
            results=[_view(outcome, language) for outcome in outcomes],
            applied=counts["applied"],
            irregular=counts["irregular"],
            duplicate=counts["duplicate"],
            invalid=counts["invalid"],
        )


def _told(event: DossierEvent) -> Told:
    return Told(
        source=event.source,
        event_id=event.event_id,
        dossier_code=event.dossier_code,
        status=event.status,
        at=event.at,
        procedure_code=event.procedure_code,
        procedure_name=event.procedure_name,
        personal_number=event.applicant.personal_number,
        applicant_name=event.applicant.name,
        receiving_agency=event.receiving_agency,
        deciding_agency=event.deciding_agency,
        submit_channel=event.submit_channel,
        due_at=event.due_at,
        note=event.note,
    )


def _view(outcome: Outcome, language: Language) -> DossierEventOutcome:
    return DossierEventOutcome(
        event_id=outcome.event_id,
        outcome=outcome.outcome,
        dossier_id=outcome.dossier_id or UNSET,
        problem=problem_view(outcome.problem, language, "") if outcome.problem else UNSET,
    )
