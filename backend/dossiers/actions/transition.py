"""Somebody takes a dossier one step further."""

from collections.abc import Sequence
from datetime import date, datetime

from backend.dossiers.actions.changes import news
from backend.dossiers.actions.find import find
from backend.dossiers.actions.steps import check, record_step, step_taken
from backend.dossiers.actions.supplements import REQUEST, ask
from backend.dossiers.documents import Dossier
from backend.dossiers.states import OF_THEIR_OWN
from kernel.http.preconditions import ANY_VERSION, Precondition
from kernel.machine import MoveNotAllowed
from kernel.principal import Principal


async def transition(
    actor: Principal,
    dossier_id: str,
    move_name: str,
    *,
    reason: str | None,
    now: datetime,
    items: Sequence[str] = (),
    respond_by: date | None = None,
    step_id: str | None = None,
    if_match: Precondition = ANY_VERSION,
) -> Dossier:
    """Take the step `move_name`; under `step_id` it is taken once, however often it is asked for.

    `items` and `respond_by` belong to a request for papers: what is missing, and until when.

    Raises:
        DossierNotFound, MoveNotAllowed, RoleMissing, ReasonMissing, PreconditionFailed.
        SupplementNeedsApprover, RespondByNotLater.
        StaleVersion: somebody else was faster.
    """
    dossier = await find(actor, dossier_id)
    if step_taken(dossier, step_id):
        return dossier
    with if_match.on(dossier.version):
        step = check(actor, dossier, move_name, reason)
        if step.name in OF_THEIR_OWN:
            raise MoveNotAllowed("This step brings something along and has a route of its own.")
        before = dossier.status
        if step.name == REQUEST:
            ask(dossier, actor, items=items, respond_by=respond_by, reason=reason or "", now=now, step_id=step_id)
        record_step(dossier, step, actor, reason, now, step_id)
        return await dossier.commit(*news(before, dossier))
