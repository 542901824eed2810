"""Papers are asked for all at once, item by item, and supplied the same way (form 02).

The first request is free. Another one is an approver's to make, and the national formula 2.1 counts the dossier as late.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from backend.dossiers import states
from backend.dossiers.actions.changes import news
from backend.dossiers.actions.find import find
from backend.dossiers.actions.steps import check, record_step, step_taken
from backend.dossiers.documents import Dossier, Supplement, SupplyItem
from backend.dossiers.errors import (
    RespondByNotLater,
    SupplementClosed,
    SupplementItemUnknown,
    SupplementNeedsApprover,
    SupplementNotFound,
)
from backend.dossiers.limits import FREE_SUPPLEMENTS
from backend.uploads.actions.attach import attach
from kernel.clock import VIETNAM
from kernel.http.preconditions import ANY_VERSION, Precondition
from kernel.ids import new_id
from kernel.principal import Principal
from kernel.privacy.field import Plain
from kernel.privacy.vault import Vault
from kernel.state_calendar import calendar_at
from kernel.text import clean
from kernel.working_time import WorkingTime

REQUEST, SUPPLY = "request_papers", "supply_papers"
PURPOSE = "dossier_supplement"


def ask(
    dossier: Dossier,
    actor: Principal,
    *,
    items: Sequence[str],
    respond_by: date | None,
    reason: str,
    now: datetime,
    step_id: str | None,
) -> None:
    """Write the request down; the step itself is the table's business.

    Raises:
        SupplementNeedsApprover: papers have been asked for before.
        RespondByNotLater.
    """
    asked = sum(entry.status == states.AWAITING_PAPERS for entry in dossier.timeline)
    if asked >= FREE_SUPPLEMENTS.amount and "approver" not in actor.roles:
        raise SupplementNeedsApprover
    if respond_by and respond_by <= now.astimezone(VIETNAM).date():
        raise RespondByNotLater
    wanted = [text for item in items if (text := clean(item))] or [clean(reason)]
    request = Supplement(
        step=step_id or new_id(),
        at=now,
        reason=Plain(clean(reason)),
        items=[SupplyItem(text=Plain(text)) for text in wanted],
        respond_by=WorkingTime(calendar_at(now)).closing(respond_by) if respond_by else None,
        actor=actor.id,
    )
    dossier.supplements = [*dossier.supplements, request]


async def supply(
    actor: Principal,
    dossier_id: str,
    number: int,
    uploads: Mapping[int, Sequence[str]],
    *,
    now: datetime,
    vault: Vault,
    step_id: str | None = None,
    if_match: Precondition = ANY_VERSION,
) -> Dossier:
    """Keep what the citizen sends for the items of request `number`; once nothing is missing the dossier goes on.

    Before its acceptance it does not: the desk looks at the papers first, and the clock has not begun.

    Raises:
        DossierNotFound, SupplementNotFound, SupplementClosed, SupplementItemUnknown, MoveNotAllowed, PreconditionFailed.
        UploadNotFound, UploadNotReady, UploadAttached, UploadPurposeDiffers, UploadExpired.
        StaleVersion: somebody else was faster.
    """
    dossier = await find(actor, dossier_id)
    if step_taken(dossier, step_id):
        return dossier
    with if_match.on(dossier.version):
        request = _open_request(dossier, number)
        if not uploads or any(not ids or not 1 <= item <= len(request.items) for item, ids in uploads.items()):
            raise SupplementItemUnknown
        step = check(actor, dossier, SUPPLY, None)
        items = list(request.items)
        for item, ids in uploads.items():
            files = await attach(actor, ids, PURPOSE, to=f"dossier:{dossier.id}:{number}:{item}", vault=vault, now=now)
            kept = {file.id: file for file in (*items[item - 1].files, *files)}
            items[item - 1] = items[item - 1].model_copy(update={"files": list(kept.values()), "supplied_at": now})
        whole = all(item.supplied_at for item in items)
        answered = request.model_copy(update={"items": items, "supplied_at": now if whole else None})
        dossier.supplements = [*dossier.supplements[:-1], answered]
        dossier.updated_at = now
        before = dossier.status
        if whole and dossier.accepted_at:
            record_step(dossier, step, actor, None, now, step_id)
        return await dossier.commit(*news(before, dossier))


def _open_request(dossier: Dossier, number: int) -> Supplement:
    if not 1 <= number <= len(dossier.supplements):
        raise SupplementNotFound
    request = dossier.supplements[number - 1]
    if request.supplied_at or number != len(dossier.supplements) or dossier.status != states.AWAITING_PAPERS:
        raise SupplementClosed
    return request
