"""An approver sets a new date, with the paper that says so (form 04); where the old one has passed, that is the apology."""

from datetime import date, datetime

from backend.dossiers.actions.find import find
from backend.dossiers.actions.steps import check_reason
from backend.dossiers.documents import Dossier, Prolonged
from backend.dossiers.errors import ExtendedAlready, NewDateNotLater, NothingToExtend
from backend.dossiers.events import Prolonged as NewDate
from backend.dossiers.limits import EXTENSIONS
from backend.dossiers.states import EXTEND, STATUSES
from kernel.calendar import Calendar
from kernel.clock import VIETNAM
from kernel.errors import RoleMissing
from kernel.http.preconditions import ANY_VERSION, Precondition
from kernel.ids import new_id
from kernel.principal import Principal
from kernel.privacy.field import Plain
from kernel.text import clean
from kernel.working_time import WorkingTime


async def prolong(
    actor: Principal,
    dossier_id: str,
    *,
    until: date,
    document: str,
    reason: str,
    now: datetime,
    calendar: Calendar,
    step_id: str | None = None,
    if_match: Precondition = ANY_VERSION,
) -> Dossier:
    """Let `until` be the day on which it is due, when the counter closes. The status stays what it is.

    Raises:
        DossierNotFound, RoleMissing, ReasonMissing, NothingToExtend, ExtendedAlready, NewDateNotLater, PreconditionFailed.
        UnknownYear: the calendar does not reach that far.
        StaleVersion: somebody else was faster.
    """
    dossier = await find(actor, dossier_id)
    if any(one.step == step_id for one in dossier.prolonged):
        return dossier
    with if_match.on(dossier.version):
        if not EXTEND.by & actor.roles:
            raise RoleMissing
        check_reason(EXTEND, reason)
        before, new = _dates(dossier, until, now, WorkingTime(calendar))
        dossier.prolonged = [
            *dossier.prolonged,
            Prolonged(
                step=step_id or new_id(),
                at=now,
                before=before,
                until=new,
                document=clean(document),
                reason=Plain(clean(reason)),
                actor=actor.id,
            ),
        ]
        dossier.settle(WorkingTime(calendar))
        dossier.updated_at = now
        event = NewDate(at=now, dossier_id=dossier.id, applicant=dossier.applicant, late=before <= now)
        return await dossier.commit(event)


def _dates(dossier: Dossier, until: date, now: datetime, working: WorkingTime) -> tuple[datetime, datetime]:
    """The date that holds and the new one.

    Raises:
        NothingToExtend, ExtendedAlready, NewDateNotLater, UnknownYear.
    """
    if dossier.due_at is None or STATUSES[dossier.status].clock != "running":
        raise NothingToExtend
    if len(dossier.prolonged) >= EXTENSIONS.amount:
        raise ExtendedAlready
    held, today = dossier.due_at.astimezone(VIETNAM).date(), now.astimezone(VIETNAM).date()
    if until <= max(held, today) or not working.calendar.works(until):
        raise NewDateNotLater
    return dossier.due_at, working.closing(until)
