"""What officials are reminded of: in the app, until they have a push of their own."""

from litestar import Controller, get
from msgspec import UNSET

from backend.dossiers import queries, schedule
from backend.dossiers.api.views import TheViewer, Viewer
from backend.dossiers.schemas.reminders import ReminderPage, ReminderView
from kernel.clock import VIETNAM
from kernel.http.access import staff
from kernel.http.given import Actor, TheFresh, TheReads
from kernel.http.paging import Cursor, Limit, next_cursor
from kernel.mongo.reads import Row

# Vietnamese, English.
_TEXTS = {
    schedule.HALF_TIME: ("Đã qua nửa thời hạn giải quyết", "Half of the time has passed"),
    schedule.DAY_BEFORE: ("Còn một ngày làm việc", "One working day is left"),
    schedule.DUE: ("Hôm nay đến hạn", "Due today"),
    schedule.OVERDUE: ("Đã quá hạn: cần xin lỗi và hẹn lại ngày trả", "Late: apologise and set a new date"),
    schedule.STILL: ("Hồ sơ chưa có tiến triển", "Nothing has moved"),
}


class StaffReminders(Controller):
    """Reminders of the caller's agencies and roles."""

    path = "/v1/staff/reminders"
    tags = ["Staff dossiers"]
    guards = [staff()]

    @get("/", operation_id="listReminders", summary="What I am reminded of")
    async def list_reminders(
        self, actor: Actor, reads: TheReads, viewer: TheViewer, fresh: TheFresh, limit: Limit = 20, cursor: Cursor = None
    ) -> ReminderPage:
        """Dossiers at half time, a working day before they are due, due, late, or still; the latest reminder first."""
        rows, following = await fresh.page(
            lambda shown: queries.page_of_reminders(reads, actor, limit=limit, cursor=cursor, shown=shown), queries.REMINDED
        )
        return ReminderPage(items=[_view(row, viewer) for row in rows], next_cursor=next_cursor(following))


def _view(row: Row, viewer: Viewer) -> ReminderView:
    vietnamese, english = _TEXTS[row["kind"]]
    return ReminderView(
        id=row["_id"],
        kind=row["kind"],
        text=vietnamese if viewer.vietnamese else english,
        dossier_id=row["dossier_id"],
        code=row["code"],
        agency=viewer.agency(row["agency"]),
        at=row["at"],
        due_at=row.get("due_at", UNSET),
        proposed_date=row["proposed"].astimezone(VIETNAM).date() if "proposed" in row else UNSET,
        done_at=row.get("done_at", UNSET),
    )
