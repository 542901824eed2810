"""A citizen asks for everything we hold about them."""

from datetime import datetime

from pymongo.errors import DuplicateKeyError

from backend.privacy import clocks
from backend.privacy.documents import Export, mine
from backend.privacy.step_up import require_fresh
from kernel.audit import Audit, AuditEntry, changed
from kernel.calendar import Calendar
from kernel.principal import Principal


async def request_export(actor: Principal, *, now: datetime, calendar: Calendar, audit: Audit) -> Export:
    """Queue an archive, or answer the one that is under way or waiting to be taken.

    Raises:
        StepUpRequired.
    """
    require_fresh(actor, now)
    subject = actor.recipient
    export = Export(subject=subject, open=True, requested_at=now, due_by=clocks.provide_by(now, calendar))
    try:
        await export.commit()
    except DuplicateKeyError:
        already = await Export.find_one({**mine(subject), "open": {"$exists": True}})
        return already or await request_export(actor, now=now, calendar=calendar, audit=audit)
    told = changed({}, {"state": export.state})
    await audit.record(
        actor, AuditEntry(action="export.requested", object=f"export:{export.id}", subjects=(subject,), changes=told)
    )
    return export
