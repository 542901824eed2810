"""Is there anybody who could take the next step? Where there is nobody, it is said aloud: in the queue, in the log, as an event."""

from datetime import datetime

import structlog

from backend.agencies.documents import StaffMember
from backend.feedback.actions.steps import concerned
from backend.feedback.documents import DESK_ROLES, Feedback
from backend.feedback.events import NobodyOnDuty

log = structlog.get_logger(__name__)

# domain.md B7: every unit names at least one officer and one leader.
OFFICE_ROLES = ("handler", "approver")


async def look_for_somebody(report: Feedback, now: datetime) -> list[NobodyOnDuty]:
    """Note on the report whether its next step has anybody; answers what there is to tell."""
    agency = report.agency or report.desk
    if report.agency is None:
        missing = [] if await _is_there(agency, sorted(DESK_ROLES)) else sorted(DESK_ROLES)
    else:
        missing = [role for role in OFFICE_ROLES if not await _is_there(agency, [role])]
    report.nobody_on_duty = bool(missing)
    if not missing:
        return []
    log.error("feedback.nobody_on_duty", feedback=report.id, agency=agency, roles=missing)
    return [NobodyOnDuty(at=now, agency=agency, roles=missing, **concerned(report))]


async def _is_there(agency: str, roles: list[str]) -> bool:
    wanted = {"agencies": agency, "roles": {"$in": roles}, "active": True}
    return await StaffMember.get_pymongo_collection().find_one(wanted, {"_id": 1}) is not None
