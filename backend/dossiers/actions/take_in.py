"""What a source tells is recorded, and that it was is put on record."""

from collections.abc import Sequence
from datetime import datetime

from backend.dossiers.actions.applicant import People
from backend.dossiers.actions.record_events import Outcome, record_events
from backend.dossiers.documents import Dossier
from backend.dossiers.told import Told
from kernel.audit import ATTEMPTED, Audit, AuditEntry
from kernel.principal import Principal

ACT = "dossier.recorded"


async def take_in(told: Sequence[Told], *, by: Principal, now: datetime, people: People, audit: Audit) -> list[Outcome]:
    """Record each event once. The answers stand in the order of the events."""
    changed: list[Dossier] = []
    # On record before it is done: what cannot be recorded is refused, and told again later.
    await audit.record(by, AuditEntry(action=ACT, object="dossiers:feed", result=ATTEMPTED))
    outcomes = await record_events(told, now=now, people=people, heard=changed.append)
    await audit.record(by, *(_entry(dossier) for dossier in changed))
    return outcomes


def _entry(dossier: Dossier) -> AuditEntry:
    """What the source's word changed of one dossier."""
    return AuditEntry(
        action=ACT,
        object=f"dossier:{dossier.id}",
        subjects=(dossier.applicant,) if dossier.applicant else (),
        changes=dossier.changes(),
        whose=dossier.data_subject(),
        agency=dossier.deciding_agency or None,
    )
