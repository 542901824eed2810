"""The erasure itself: a saga of steps, each repeatable and written down, so that whoever comes after a crash goes on.

The steps, in their order:

forget      the personal number no longer leads to the subject: who signs in from now on is somebody new
shred       the subject's key is destroyed: what is left, here and in every backup of the data, is noise
erase:*     every slice ends sessions and push targets, and unsets whatever the subject could be looked up by

The key goes before the slices are swept: what comes in between can no longer be sealed, so nothing slips in behind the broom.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog

from backend.privacy import states
from backend.privacy.actions.settle import settle
from backend.privacy.documents import ErasureRequest, Step
from backend.privacy.holdings import Holdings
from backend.privacy.states import ERASURE
from kernel.audit import AuditEntry, Change, changed
from kernel.principal import SYSTEM

log = structlog.get_logger(__name__)

StepOf = Callable[[str, datetime], Awaitable[int]]


async def carry_out(request: ErasureRequest, holdings: Holdings) -> ErasureRequest:
    """Erase whoever asked for it, if their waiting period is over and no case is open; otherwise change nothing or defer.

    Raises:
        StaleVersion: it was taken back, or another worker has it.
        AuditUnavailable: it could not be recorded; the erasure goes on from there another time.
    """
    now = holdings.clock.now()
    if request.state == states.WAITING:
        if request.waits_until is None or now < request.waits_until:
            return request
        if await holdings.open_cases(request.subject):
            return await settle(request, holdings, now)
        # This write is the point of no return: it and a taking back cannot both find the version they expect.
        request.pass_to(ERASURE.find("begin", request.state), now=now, by=SYSTEM.id)
        await request.commit()
    finish = ERASURE.find("finish", request.state)
    for name, step in steps(holdings).items():
        if name not in {done.name for done in request.steps}:
            request.steps = [*request.steps, Step(name=name, at=now, touched=await step(request.subject, now))]
            await request.commit()
    steps_taken = {step.name: step.touched for step in request.steps}
    told = changed({"state": states.WAITING}, {"state": finish.target, **steps_taken})
    await _record("erasure.done", request.subject, f"erasure_request:{request.id}", holdings, told)
    request.pass_to(finish, now=now, by=SYSTEM.id)
    await request.commit()
    # The subject is opaque; shipped with the logs it is one more place from which a restored backup can be erased again.
    log.info("privacy.erased", request=request.id, subject=request.subject)
    return request


async def erase_again(subject: str, holdings: Holdings) -> int:
    """Erase a subject that had been erased before a backup was restored; answers how many documents it touched (SEC-75)."""
    now = holdings.clock.now()
    touched = sum([await step(subject, now) for step in steps(holdings).values()])
    if touched:
        await _record("erasure.reapplied", subject, f"subject:{subject}", holdings)
    return touched


def steps(holdings: Holdings) -> dict[str, StepOf]:
    """Every step by its name, in order. Each is repeatable."""

    async def forget(subject: str, now: datetime) -> int:
        await holdings.subjects.forget(subject, now=now)
        return 0

    async def shred(subject: str, now: datetime) -> int:
        return int(await holdings.vault.erase(subject, now=now))

    sweeps = {f"erase:{part.name}": part.erase for part in holdings.personal_data}
    return {"forget": forget, "shred": shred, **sweeps}


async def _record(action: str, subject: str, what: str, holdings: Holdings, told: tuple[Change, ...] = ()) -> None:
    await holdings.audit.record(SYSTEM, AuditEntry(action=action, object=what, subjects=(subject,), changes=told))
