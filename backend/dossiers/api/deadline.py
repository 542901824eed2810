"""When it is due, and why: for the citizen, for their calendar, and for staff."""

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, SkipValidation

from backend.dossiers import queries
from backend.dossiers.actions.prolong import prolong
from backend.dossiers.api.deadline_views import DeadlineViewer
from backend.dossiers.api.desk import TheDesk
from backend.dossiers.api.views import TheViewer
from backend.dossiers.schemas.deadline import DeadlineView
from backend.dossiers.schemas.dossiers import StaffDossierView
from backend.dossiers.schemas.reminders import ExtendDeadline
from kernel.http.access import DOSSIERS, citizens_or_helpers, staff
from kernel.http.given import Actor, IfMatch, Language, TheCalendar, TheClock, TheFresh, TheOperation, TheReads
from kernel.http.idempotency import IDEMPOTENT
from kernel.http.language import SPEAKS_KHMER

TheDeadlines = NamedDependency[SkipValidation[DeadlineViewer]]


async def deadlines(viewer: TheViewer, language: Language) -> DeadlineViewer:
    """Explains due dates to this request's reader."""
    return DeadlineViewer(viewer, language)


class CitizenDeadlines(Controller):
    """A citizen asks when, and why then."""

    path = "/v1/dossiers/{dossier_id:str}"
    tags = ["Dossiers"]
    guards = [citizens_or_helpers(DOSSIERS)]

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

    @post("/extensions", operation_id="extendDeadline", summary="Set a new date, with an apology", opt=IDEMPOTENT)
    async def extend(
        self,
        data: JSONBody[ExtendDeadline],
        actor: Actor,
        desk: TheDesk,
        clock: TheClock,
        calendar: TheCalendar,
        operation: TheOperation,
        if_match: IfMatch,
        dossier_id: FromPath[str],
    ) -> StaffDossierView:
        """An approver sets a new date, by default once, with document and reason; where the old one has passed, it apologises."""
        await desk.about_to("dossier.prolonged", dossier_id)
        dossier = await prolong(
            actor,
            dossier_id,
            until=data.until,
            document=data.document,
            reason=data.reason,
            now=clock.now(),
            calendar=calendar,
            step_id=operation.id,
            if_match=if_match,
        )
        return await desk.show(dossier_id, after="dossier.prolonged", changed=dossier)
