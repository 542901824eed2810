"""A citizen asks something of their own data, and may think better of it as long as nothing has begun."""

from datetime import datetime
from typing import Any, TypeVar

from pymongo.errors import DuplicateKeyError

from backend.privacy import clocks, states
from backend.privacy.documents import DataRequest, DueRequest, ErasureRequest, Passed, mine
from backend.privacy.errors import ObjectionWithoutPurpose, WithdrawInstead
from backend.privacy.purposes import PURPOSES
from backend.privacy.schemas import AskAboutData
from backend.privacy.step_up import require_own_act
from kernel.audit import Audit, AuditEntry, changed
from kernel.calendar import Calendar
from kernel.errors import FieldError
from kernel.principal import Principal
from kernel.privacy.field import Plain
from kernel.text import clean

R = TypeVar("R", bound=DueRequest)


async def request_erasure(actor: Principal, *, now: datetime, calendar: Calendar, audit: Audit) -> ErasureRequest:
    """Ask to be erased, or answer the request for it that is open already.

    Raises:
        StepUpRequired: a phone that was left lying must not do this.
    """
    require_own_act(actor, now)
    return await _open(ErasureRequest, actor, "erasure", {}, now=now, calendar=calendar, audit=audit)


async def ask_about_data(actor: Principal, asked: AskAboutData, *, now: datetime, calendar: Calendar, audit: Audit) -> DataRequest:
    """Ask for a correction, a restriction, or object; or answer the request of that kind that is open already.

    Raises:
        ObjectionWithoutPurpose: an objection to nothing we do.
        WithdrawInstead: what is objected to ends at once when its consent is withdrawn.
    """
    told: dict[str, Any] = {"wish": Plain(clean(asked.wish))}
    if asked.kind == states.OBJECTION:
        purpose = PURPOSES.get(asked.purpose or "")
        if purpose is None:
            raise ObjectionWithoutPurpose(errors=[FieldError("/purpose", "missing", "a purpose of `GET /v1/me/consents`")])
        if purpose.basis == "consent":
            raise WithdrawInstead
        told["purpose"] = purpose.key
    return await _open(DataRequest, actor, asked.kind, told, now=now, calendar=calendar, audit=audit)


async def _open(
    of: type[R], actor: Principal, kind: str, told: dict[str, Any], *, now: datetime, calendar: Calendar, audit: Audit
) -> R:
    request = of(
        subject=actor.recipient,
        kind=kind,
        open=True,
        requested_at=now,
        acknowledge_by=clocks.acknowledge_by(now, calendar),
        due_by=clocks.due_by(kind, now, calendar),
        history=[Passed(state=states.REQUESTED, at=now, by=actor.id)],
        **told,
    )
    try:
        await request.commit()
    except DuplicateKeyError:
        already = await of.find_one(of.same_open(actor.recipient, kind))
        # It may have ended in between: then this one is the first.
        return already or await _open(of, actor, kind, told, now=now, calendar=calendar, audit=audit)
    await audit.record(actor, _entry("requested", request, {}))
    return request


async def take_back(of: type[DueRequest], actor: Principal, request_id: str, *, now: datetime, audit: Audit) -> None:
    """End the request; a restriction in force ends with it.

    Raises:
        ErasureNotFound, DataRequestNotFound: there is none, or it is not the actor's.
        MoveNotAllowed: it is too late.
        StaleVersion: it is changing at this moment.
    """
    request = await of.find_one({"_id": {"$eq": request_id}, **mine(actor.recipient)})
    if request is None:
        raise of.missing
    was = request.facts()
    request.pass_to(of.machine.find("take_back", request.state), now=now, by=actor.id)
    await request.commit()
    await audit.record(actor, _entry("taken_back", request, was))


def _entry(act: str, request: DueRequest, was: dict[str, Any]) -> AuditEntry:
    changes, what = changed(was, request.facts()), request.named()
    return AuditEntry(action=f"{request.said}.{act}", object=what, subjects=(request.subject,), changes=changes)
