"""Tell the citizen which change of a dossier is worth which message, and have offices reminded of it."""

from datetime import timedelta

from backend.dossiers import states
from backend.dossiers.actions.remind import apologised, watch
from backend.dossiers.documents import Dossier
from backend.dossiers.events import Prolonged, StatusChanged
from kernel.clock import Clock
from kernel.slice import on
from notifications.inbox.post import Notices
from notifications.notice import Notice

# The ten statuses and what a citizen hears of them (domain.md B3): processing is silent, the timeline shows it.
MESSAGES = {
    states.ACCEPTED: "dossier.accepted",
    states.NOT_ACCEPTED: "dossier.not_accepted",
    states.AWAITING_PAPERS: "dossier.needs_papers",
    states.AWAITING_PAYMENT: "dossier.needs_payment",
    states.WITHDRAWAL_REQUESTED: "dossier.withdrawal_requested",
    states.STOPPED: "dossier.stopped",
    states.FINISHED: "dossier.result_ready",
    states.RETURNED: "dossier.returned",
}

# A source that catches up on last year's dossiers is history, not news.
STALE = timedelta(days=14)


@on(StatusChanged)
async def look_at_it(event: StatusChanged, clock: Clock) -> None:
    """Whatever has moved is looked at: when somebody has to be reminded of it next."""
    if states.STATUSES[event.after].clock == "running":
        await watch(event.dossier_id, clock.now())


@on(Prolonged)
async def apologise(event: Prolonged, notices: Notices, clock: Clock) -> None:
    """The task is done, the next reminders follow the new date, and the citizen hears of an apology."""
    await apologised(event.dossier_id, clock.now())
    await watch(event.dossier_id, clock.now())
    dossier = await Dossier.get(event.dossier_id)
    if not event.late or event.applicant is None or dossier is None:
        return
    await notices.post(
        Notice(event.applicant, "dossier.overdue_apology", {"code": dossier.code}, f"/dossiers/{dossier.id}", dedupe_key=event.id)
    )


@on(StatusChanged)
async def tell_the_citizen(event: StatusChanged, notices: Notices, clock: Clock) -> None:
    """One notice for each change of state that concerns a known citizen."""
    message = MESSAGES.get(event.after)
    if message is None or event.applicant is None or clock.now() - event.at > STALE:
        return
    dossier = await Dossier.get(event.dossier_id)
    if dossier is None:
        return
    params = {"code": dossier.code}
    await notices.post(Notice(event.applicant, message, params, f"/dossiers/{dossier.id}", dedupe_key=event.id))
