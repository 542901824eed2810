"""A citizen sees who looked (Law 91/2025/QH15: the right to know)."""

from litestar import Controller, get
from litestar.di import NamedDependency

from backend.audit.api.views import TheAuditViewer
from backend.audit.documents import AuditTrail
from backend.audit.queries import MARKS, Wanted, page_of_records
from backend.audit.schemas import AccessLogPage
from kernel.http.access import citizens
from kernel.http.given import Actor, TheFresh
from kernel.http.paging import Cursor, Limit, next_cursor


class AccessLog(Controller):
    """Who looked at my data, and why."""

    path = "/v1/me/access-log"
    tags = ["Me"]
    guards = [citizens]

    @get("/", operation_id="listMyAccessLog", summary="Who looked at my data")
    async def list_accesses(
        self,
        actor: Actor,
        trail: NamedDependency[AuditTrail],
        audit_viewer: TheAuditViewer,
        fresh: TheFresh,
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> AccessLogPage:
        """Every time somebody looked at or changed my data, the latest first: which office, in which role, when, what, and why."""
        wanted = Wanted(subject=actor.recipient, only_done=True)
        rows, following = await fresh.page(
            lambda shown: page_of_records(trail, wanted, limit=limit, cursor=cursor, shown=shown), MARKS
        )
        return AccessLogPage(items=[audit_viewer.for_citizen(row) for row in rows], next_cursor=next_cursor(following))
