"""May an acknowledged erasure go ahead, or does a case have to be finished first?"""

from datetime import datetime

from backend.privacy import clocks, states
from backend.privacy.documents import ErasureRequest
from backend.privacy.holdings import Holdings
from backend.privacy.states import ERASURE
from kernel.audit import AuditEntry, changed
from kernel.principal import SYSTEM


async def settle(request: ErasureRequest, holdings: Holdings, now: datetime) -> ErasureRequest:
    """From acknowledged or deferred to waiting, or to deferred while a case of the citizen is open.

    Raises:
        StaleVersion: somebody else was faster.
    """
    cases = await holdings.open_cases(request.subject)
    if cases and request.state == states.DEFERRED and cases == request.open_cases:
        return request
    request.open_cases, was, deferred = cases, request.state, False
    if not cases:
        request.pass_to(ERASURE.find("start_waiting", request.state), now=now, by=SYSTEM.id)
        request.waits_until = clocks.waits_until(now, request.due_by, holdings.calendar())
    elif request.state != states.DEFERRED:
        request.pass_to(ERASURE.find("defer", request.state), now=now, by=SYSTEM.id)
        request.waits_until = None
        deferred = True
    await request.commit()
    if deferred:
        told = changed({"state": was}, {"state": request.state, "open_cases": cases})
        what = f"erasure_request:{request.id}"
        entry = AuditEntry(action="erasure.deferred", object=what, subjects=(request.subject,), changes=told)
        await holdings.audit.record(SYSTEM, entry)
    return request
