"""What happens by itself: pauses and windows end, and what is late comes before the leader."""

from datetime import UTC, datetime

import structlog

from backend.feedback import states
from backend.feedback.actions.steps import Circumstances, concerned, record, save
from backend.feedback.documents import Feedback
from backend.feedback.events import FeedbackEscalated
from backend.feedback.states import FEEDBACK
from kernel.errors import StaleVersion
from kernel.events import Event

log = structlog.get_logger(__name__)

AT_ONCE = 200
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


async def end_time_outs(given: Circumstances) -> int:
    """Take the clock's move in every report whose time in its state is up; answers how many."""
    due = await Feedback.find({"times_out_at": {"$lte": given.now}}).sort("times_out_at").limit(AT_ONCE).to_list()
    done = 0
    for report in due:
        out = states.STATES[report.state].times_out
        if out is None:
            continue
        moved = record(report, FEEDBACK.find(out.move, report.state), None, given, why="resumed")
        done += await _unless_changed(report, given, moved)
    return done


async def escalate_late(given: Circumstances) -> int:
    """Put every report whose promise has just been broken before the leader, once a promise; answers how many."""
    late = {"due_at": {"$lt": given.now}, "$expr": {"$lt": [{"$ifNull": ["$escalated_at", _LONG_AGO]}, "$due_at"]}}
    done = 0
    for report in await Feedback.find(late).sort("due_at").limit(AT_ONCE).to_list():
        report.escalated_at, report.escalated_why = given.now, "late"
        leader = report.agency or report.desk
        log.warning("feedback.late", feedback=report.id, agency=leader, due_at=report.due_at)
        done += await _unless_changed(
            report, given, FeedbackEscalated(at=given.now, agency=leader, why="late", **concerned(report))
        )
    return done


async def _unless_changed(report: Feedback, given: Circumstances, event: Event) -> bool:
    """Save; whoever was faster has made another look necessary, and the next one comes soon."""
    try:
        await save(report, given, event)
    except StaleVersion:
        return False
    return True
