"""An administrator answers a request for erasure: acknowledges it, refuses it, or takes the one extension the law allows."""

from typing import Any

from backend.privacy import clocks
from backend.privacy.actions.settle import settle
from backend.privacy.documents import ErasureRequest
from backend.privacy.errors import AlreadyExtended, ErasureNotFound, ErasureReasonMissing
from backend.privacy.holdings import Holdings
from backend.privacy.states import ERASURE, REVERSIBLE
from kernel.audit import AuditEntry, changed
from kernel.machine import MoveNotAllowed
from kernel.principal import Principal
from kernel.privacy.field import Plain
from kernel.text import clean

SHORTEST_REASON = 10


async def acknowledge(actor: Principal, request_id: str, holdings: Holdings) -> ErasureRequest:
    """Answer that it has been received, and start its waiting period where nothing stands in the way.

    Raises:
        ErasureNotFound, MoveNotAllowed, StaleVersion.
    """
    request, now = await _find(request_id), holdings.clock.now()
    was = request.facts()
    request.pass_to(ERASURE.find("acknowledge", request.state), now=now, by=actor.id)
    await request.commit()
    await _tell(actor, request, was, "erasure.acknowledged", holdings)
    return await settle(request, holdings, now)


async def refuse(actor: Principal, request_id: str, reason: str, holdings: Holdings) -> ErasureRequest:
    """End the request; the citizen reads why.

    Raises:
        ErasureNotFound, MoveNotAllowed, StaleVersion, ErasureReasonMissing.
    """
    request = await _find(request_id)
    was = request.facts()
    request.pass_to(ERASURE.find("refuse", request.state), now=holdings.clock.now(), by=actor.id)
    request.reason = _reason(reason)
    await request.commit()
    await _tell(actor, request, was, "erasure.refused", holdings)
    return request


async def extend(actor: Principal, request_id: str, reason: str, holdings: Holdings) -> ErasureRequest:
    """Give the house more time, once; the citizen reads why.

    Raises:
        ErasureNotFound, MoveNotAllowed, StaleVersion, ErasureReasonMissing, AlreadyExtended.
    """
    request, now = await _find(request_id), holdings.clock.now()
    was = request.facts()
    if request.state not in REVERSIBLE:
        raise MoveNotAllowed(move="extend", state=request.state)
    if request.extended_at is not None:
        raise AlreadyExtended
    request.extension_reason = _reason(reason)
    request.extended_at, request.due_by = now, clocks.extended(request.due_by, holdings.calendar())
    await request.commit()
    await _tell(actor, request, was, "erasure.extended", holdings)
    return request


async def _find(request_id: str) -> ErasureRequest:
    request = await ErasureRequest.find_one({"_id": {"$eq": request_id}})
    if request is None:
        raise ErasureNotFound
    return request


def _reason(reason: str) -> Plain:
    words = clean(reason)
    if len(words) < SHORTEST_REASON:
        raise ErasureReasonMissing
    return Plain(words)


async def _tell(actor: Principal, request: ErasureRequest, was: dict[str, Any], action: str, holdings: Holdings) -> None:
    what, changes = f"erasure_request:{request.id}", changed(was, request.facts())
    await holdings.audit.record(actor, AuditEntry(action=action, object=what, subjects=(request.subject,), changes=changes))
