"""When it is due, and why: for the citizen, for their calendar, and for staff."""

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, SkipValidation

from backend.dossiers import queries
from backend.dossiers.api.deadline_views import DeadlineViewer
from backend.dossiers.api.desk import TheDesk
from backend.dossiers.api.views import TheViewer
from backend.dossiers.schemas.deadline import DeadlineView
from kernel.http.access import citizens, staff
from kernel.http.given import Actor, Language, TheFresh, TheReads
from kernel.http.language import SPEAKS_KHMER

TheDeadlines = NamedDependency[SkipValidation[DeadlineViewer]]


async def deadlines(viewer: TheViewer, language: Language) -> DeadlineViewer:
    """Explains due dates to this request's reader."""
    return DeadlineViewer(viewer, language)


class CitizenDeadlines(Controller):
    """A citizen asks when, and why then."""

    path = "/v1/dossiers/{dossier_id:str}"
    tags = ["Dossiers"]
    guards = [citizens]

    @get("/deadline", operation_id="getDeadline", summary="When it is due, and why", opt=SPEAKS_KHMER)
    async def deadline(
        self, actor: Actor, reads: TheReads, fresh: TheFresh, deadlines: TheDeadlines, dossier_id: FromPath[str]
    ) -> DeadlineView:
        """The due date of my dossier with every day of the count: which count, which do not and why, pauses and extensions."""
        row = await fresh.row(
            lambda shown: queries.one_dossier(reads, actor, dossier_id, shown or queries.DEADLINE), deadlines.marks
        )
        return deadlines.explained(row)

    @get("/deadline.ics", operation_id="getDeadlineFile", summary="The due date for a calendar", media_type="text/calendar")
    async def deadline_file(
        self, actor: Actor, reads: TheReads, deadlines: TheDeadlines, dossier_id: FromPath[str]
    ) -> Response[bytes]:
        """The due date as a calendar file (RFC 5545), always under the same UID; it names the dossier by its code alone."""
        row = await queries.one_dossier(reads, actor, dossier_id, queries.DEADLINE)
        named = {"content-disposition": f'attachment; filename="{row["code"]}.ics"', "cache-control": "private, no-store"}
        return Response(deadlines.calendar_file(row), media_type="text/calendar; charset=utf-8", headers=named)


class StaffDeadlines(Controller):
    """Staff see the same explanation."""

    path = "/v1/staff/dossiers/{dossier_id:str}"
    tags = ["Staff dossiers"]
    guards = [staff()]

    @get("/deadline", operation_id="getStaffDeadline", summary="When it is due, and why, for staff", opt=SPEAKS_KHMER)
    async def deadline(self, desk: TheDesk, deadlines: TheDeadlines, dossier_id: FromPath[str]) -> DeadlineView:
        """The due date of a dossier of my agencies as its citizen sees it."""
        return deadlines.explained(await desk.look(dossier_id, "dossier.deadline_viewed", queries.DEADLINE, deadlines.marks))
