"""An audit trail with something in it, and everybody who appears there."""

from datetime import UTC, datetime

from backend.audit.actions.record import AuditLog
from backend.audit.chain import Row
from backend.audit.documents import AuditTrail
from kernel.audit import AuditEntry
from kernel.clock import TestClock
from kernel.principal import Principal

# Nine in the evening of the 20th in Vietnam.
EVENING = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
DAY, DAY_AFTER = "2026-11-20", "2026-11-21"
LAN, NAM = "s_lan", "s_nam"

INSPECTOR = Principal(
    id="staff-thu",
    kind="staff",
    client_id="app",
    name="Ngô Thị Thu",
    roles=frozenset({"inspector"}),
    agencies=frozenset({"H12.13"}),
)


def viewed(number: int = 1, *, subject: str = LAN, agency: str = "H12.13") -> AuditEntry:
    """An official looked at a dossier."""
    return AuditEntry(
        action="dossier.viewed",
        object=f"dossier:d{number}",
        subjects=(subject,),
        fields=("applicant_name",),
        agency=agency,
        purpose="dossier_handling",
    )


async def a_day(trail: AuditTrail, actor: Principal, *, records: int = 6, at: datetime = EVENING) -> AuditLog:
    """One writer's chain of so many records."""
    log = AuditLog(trail, TestClock(at))
    for number in range(1, records + 1):
        await log.record(actor, viewed(number))
    return log


async def stored(trail: AuditTrail) -> list[Row]:
    """Every record, in the order of the chains."""
    return await trail.records.find(sort=[("day", 1), ("chain", 1), ("seq", 1)]).to_list()
