"""The citizen takes the archive home, once."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

from backend.privacy import states
from backend.privacy.documents import Export, mine
from backend.privacy.errors import ExportExpired, ExportNotFound, ExportNotReady, ExportUsed
from backend.privacy.holdings import Holdings
from backend.privacy.states import EXPORT
from backend.privacy.step_up import require_fresh
from kernel.audit import AuditEntry, changed
from kernel.errors import StaleVersion
from kernel.principal import Principal


async def take_export(actor: Principal, export_id: str, holdings: Holdings) -> tuple[dict[str, Any], AsyncIterator[bytes]]:
    """What the archive is, and its bytes. It is recorded before a byte leaves.

    Raises:
        StepUpRequired, ExportNotFound, ExportNotReady, ExportUsed, ExportExpired.
        VaultUnavailable, AuditUnavailable: nothing has been handed out, and the offer stands.
    """
    now = holdings.clock.now()
    require_fresh(actor, now)
    export = await Export.find_one({"_id": {"$eq": export_id}, **mine(actor.recipient)})
    if export is None:
        raise ExportNotFound
    _check(export, now)
    assert export.file
    (file,) = await holdings.vault.open([export.file.model_dump()])
    content = await holdings.files.read(file)
    taken = EXPORT.find("take", export.state).target
    told = changed({"state": export.state}, {"state": taken})
    what = f"export:{export.id}"
    await holdings.audit.record(actor, AuditEntry(action="export.taken", object=what, subjects=(export.subject,), changes=told))
    export.state, export.open, export.file, export.taken_at = taken, None, None, now
    try:
        await export.commit()
    except StaleVersion as other:
        # The same link at the same moment: only one of the two gets the archive.
        raise ExportUsed from other
    return file, content


def _check(export: Export, now: datetime) -> None:
    match export.state:
        case states.READY if export.expires_at and now < export.expires_at:
            return
        case states.READY | states.EXPIRED | states.FAILED:
            raise ExportExpired
        case states.TAKEN:
            raise ExportUsed
        case _:
            raise ExportNotReady
