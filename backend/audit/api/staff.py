"""Inspectors read the trail, and that is recorded like any other reading."""

from datetime import datetime
from typing import Annotated

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from backend.audit.api.views import TheAuditViewer
from backend.audit.documents import AuditTrail
from backend.audit.queries import MARKS, Wanted, offices_of, page_of_records
from backend.audit.schemas import AuditPage
from kernel.audit import AuditEntry
from kernel.http.access import staff
from kernel.http.given import Actor, TheAudit, TheFresh
from kernel.http.paging import Cursor, Limit, next_cursor
from kernel.mongo.reads import Row

LONGEST = 200

Subject = Annotated[str | None, QueryParameter(name="subject", max_length=LONGEST, description="A citizen's opaque id.")]
By = Annotated[str | None, QueryParameter(name="actor", max_length=LONGEST, description="Id of who acted.")]
To = Annotated[str | None, QueryParameter(name="object", max_length=LONGEST, description="`kind:id` of what was acted on.")]
Action = Annotated[str | None, QueryParameter(name="action", max_length=LONGEST, description="Code of an action.")]
Since = Annotated[datetime | None, QueryParameter(name="since", description="From this instant on.")]
Until = Annotated[datetime | None, QueryParameter(name="until", description="Before this instant.")]


class StaffAudit(Controller):
    """The trail, for those who inspect."""

    path = "/v1/staff/audit"
    tags = ["Audit"]
    guards = [staff("inspector", "administrator")]

    @get("/", operation_id="listAuditRecords", summary="Who did what")
    async def list_records(
        self,
        actor: Actor,
        trail: NamedDependency[AuditTrail],
        audit: TheAudit,
        audit_viewer: TheAuditViewer,
        fresh: TheFresh,
        limit: Limit = 20,
        cursor: Cursor = None,
        subject: Subject = None,
        by: By = None,
        to: To = None,
        action: Action = None,
        since: Since = None,
        until: Until = None,
    ) -> AuditPage:
        """What was done in my agencies, the latest first; an administrator reads everybody's. Reading it is recorded too.

        Who looks by `subject` looks at one citizen: the citizen sees that in their access log.
        """
        wanted = Wanted(subject=subject, actor=by, object=to, action=action, since=since, until=until, agencies=offices_of(actor))

        async def note(page: tuple[list[Row], str | None]) -> None:
            # What nothing is known of may be any word: it is not kept as somebody.
            whom = (subject,) if subject and page[0] else ()
            await audit.record(actor, AuditEntry(action="audit.read", object="audit:records", subjects=whom, purpose="oversight"))

        rows, following = await fresh.page(
            lambda shown: page_of_records(trail, wanted, limit=limit, cursor=cursor, shown=shown), MARKS, before=note
        )
        return AuditPage(items=[audit_viewer.for_staff(row) for row in rows], next_cursor=next_cursor(following))
