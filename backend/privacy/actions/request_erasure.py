"""A citizen asks to be erased, and may think better of it as long as nothing has begun."""

from datetime import datetime
from typing import Any

from pymongo.errors import DuplicateKeyError

from backend.privacy import clocks, states
from backend.privacy.documents import ErasureRequest, Passed, mine
from backend.privacy.errors import ErasureNotFound
from backend.privacy.states import ERASURE
from backend.privacy.step_up import require_own_act
from kernel.audit import Audit, AuditEntry, changed
from kernel.calendar import Calendar
from kernel.principal import Principal


async def request_erasure(actor: Principal, *, now: datetime, calendar: Calendar, audit: Audit) -> ErasureRequest:
    """Open a request, or answer the one that is open already.

    Raises:
        StepUpRequired: a phone that was left lying must not do this.
    """
    require_own_act(actor, now)
    subject = actor.recipient
    request = ErasureRequest(
        subject=subject,
        open=True,
        requested_at=now,
        acknowledge_by=clocks.acknowledge_by(now, calendar),
        due_by=clocks.erase_by(now, calendar),
        history=[Passed(state=states.REQUESTED, at=now, by=actor.id)],
    )
    try:
        await request.commit()
    except DuplicateKeyError:
        already = await ErasureRequest.find_one({**mine(subject), "open": {"$exists": True}})
        if already is None:
            # It ended in between: then this one is the first.
            return await request_erasure(actor, now=now, calendar=calendar, audit=audit)
        return already
    await audit.record(actor, _entry("erasure.requested", request, {}))
    return request


async def take_back(actor: Principal, request_id: str, *, now: datetime, audit: Audit) -> ErasureRequest:
    """End the request without erasing anything.

    Raises:
        ErasureNotFound: there is none, or it is not the actor's.
        MoveNotAllowed: the erasure has begun.
        StaleVersion: it is beginning at this moment.
    """
    subject = actor.recipient
    request = await ErasureRequest.find_one({"_id": {"$eq": request_id}, **mine(subject)})
    if request is None:
        raise ErasureNotFound
    was = request.facts()
    request.pass_to(ERASURE.find("take_back", request.state), now=now, by=actor.id)
    await request.commit()
    await audit.record(actor, _entry("erasure.taken_back", request, was))
    return request


def _entry(action: str, request: ErasureRequest, was: dict[str, Any]) -> AuditEntry:
    what, changes = f"erasure_request:{request.id}", changed(was, request.facts())
    return AuditEntry(action=action, object=what, subjects=(request.subject,), changes=changes)
