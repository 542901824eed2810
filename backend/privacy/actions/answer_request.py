"""An administrator answers what a citizen asks of their data: acknowledges, carries out, refuses, extends the time once."""

from typing import Any

from backend.privacy import clocks
from backend.privacy.actions.settle import settle
from backend.privacy.documents import DataRequest, DueRequest, ErasureRequest
from backend.privacy.errors import AlreadyExtended, ErasureReasonMissing
from backend.privacy.events import RequestAnswered
from backend.privacy.holdings import Holdings
from backend.privacy.states import carried_out_by, may_extend
from kernel.audit import AuditEntry, changed
from kernel.machine import MoveNotAllowed
from kernel.principal import Principal
from kernel.privacy.field import Plain
from kernel.text import clean

SHORTEST_REASON = 10


async def acknowledge(of: type[DueRequest], actor: Principal, request_id: str, holdings: Holdings) -> DueRequest:
    """Answer that it has been received; an erasure starts its waiting period where nothing stands in the way.

    Raises:
        ErasureNotFound, DataRequestNotFound, MoveNotAllowed, StaleVersion.
    """
    request, now = await _find(of, request_id), holdings.clock.now()
    was = request.facts()
    request.pass_to(of.machine.find("acknowledge", request.state), now=now, by=actor.id)
    await _answer(actor, request, was, "acknowledged", holdings)
    return await settle(request, holdings, now) if isinstance(request, ErasureRequest) else request


async def refuse(of: type[DueRequest], actor: Principal, request_id: str, reason: str, holdings: Holdings) -> DueRequest:
    """End the request; the citizen reads why.

    Raises:
        ErasureNotFound, DataRequestNotFound, MoveNotAllowed, StaleVersion, ErasureReasonMissing.
    """
    return await _end(of, actor, request_id, "refuse", reason, "refused", holdings)


async def fulfil(actor: Principal, request_id: str, reason: str, holdings: Holdings) -> DueRequest:
    """Say what has been done; a restriction is in force from this write on (`DataRequest.restricted` says what it stops).

    Raises:
        DataRequestNotFound, MoveNotAllowed, StaleVersion, ErasureReasonMissing.
    """
    kind = (await _find(DataRequest, request_id)).kind
    return await _end(DataRequest, actor, request_id, carried_out_by(kind), reason, "carried_out", holdings)


async def extend(of: type[DueRequest], actor: Principal, request_id: str, reason: str, holdings: Holdings) -> DueRequest:
    """Give the house more time, once; the citizen reads why.

    Raises:
        ErasureNotFound, DataRequestNotFound, MoveNotAllowed, StaleVersion, ErasureReasonMissing, AlreadyExtended.
    """
    request, now = await _find(of, request_id), holdings.clock.now()
    was = request.facts()
    if not may_extend(of.machine, request.state):
        raise MoveNotAllowed(move="extend", state=request.state)
    if request.extended_at is not None:
        raise AlreadyExtended
    request.extension_reason = _reason(reason)
    request.extended_at, request.due_by = now, clocks.extended(request.kind, request.due_by, holdings.calendar())
    await _answer(actor, request, was, "extended", holdings)
    return request


async def _end(
    of: type[DueRequest], actor: Principal, request_id: str, move: str, reason: str, act: str, holdings: Holdings
) -> DueRequest:
    request = await _find(of, request_id)
    was = request.facts()
    request.pass_to(of.machine.find(move, request.state), now=holdings.clock.now(), by=actor.id)
    request.reason = _reason(reason)
    await _answer(actor, request, was, act, holdings)
    return request


async def _find(of: type[DueRequest], request_id: str) -> DueRequest:
    request = await of.find_one({"_id": {"$eq": request_id}})
    if request is None:
        raise of.missing
    return request


def _reason(reason: str) -> Plain:
    words = clean(reason)
    if len(words) < SHORTEST_REASON:
        raise ErasureReasonMissing
    return Plain(words)


async def _answer(actor: Principal, request: DueRequest, was: dict[str, Any], act: str, holdings: Holdings) -> None:
    """Save it together with the news for the citizen, and put it on record."""
    told = RequestAnswered(at=holdings.clock.now(), request_id=request.id, subject=request.subject, asked=request.kind, answer=act)
    await request.commit(told)
    changes, subjects = changed(was, request.facts()), (request.subject,)
    entry = AuditEntry(action=f"{request.said}.{act}", object=request.named(), subjects=subjects, changes=changes)
    await holdings.audit.record(actor, entry)
