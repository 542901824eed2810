"""What staff can do with the dossiers of their agencies."""

from typing import Annotated

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, JSONBody, QueryParameter
from litestar.response import Stream

from backend.dossiers import queries
from backend.dossiers.actions.applicant import People
from backend.dossiers.actions.create import create
from backend.dossiers.actions.publish_result import publish_result
from backend.dossiers.actions.transition import transition
from backend.dossiers.api.citizen import result_of
from backend.dossiers.api.views import TheViewer
from backend.dossiers.file_type import MAX_RESULT_BYTES
from backend.dossiers.schemas import CreateDossier, PublishResult, StaffDossierPage, StaffDossierView, TakeStep
from kernel.http.access import staff
from kernel.http.bodies import form_not_text
from kernel.http.given import Actor, TheCalendar, TheClock, TheFiles, TheReads
from kernel.http.paging import Cursor, Limit, next_cursor

MULTIPART_OVERHEAD = 64 * 1024

Status = Annotated[str | None, QueryParameter(name="status", max_length=64, description="Name of a status.")]
Query = Annotated[str | None, QueryParameter(name="q", max_length=200, description="Code, or words of name and procedure.")]
ResultUpload = Annotated[PublishResult, Body(media_type=RequestEncodingType.MULTI_PART)]


class StaffDossiers(Controller):
    """Staff read and move the dossiers of their agencies."""

    path = "/v1/staff/dossiers"
    tags = ["Staff dossiers"]
    guards = [staff()]

    @get("/", operation_id="listStaffDossiers", summary="Dossiers of my agencies")
    async def list_dossiers(
        self,
        actor: Actor,
        reads: TheReads,
        viewer: TheViewer,
        limit: Limit = 20,
        cursor: Cursor = None,
        status: Status = None,
        q: Query = None,
    ) -> StaffDossierPage:
        """Dossiers my agencies received or decide, the latest change first; `q` finds without diacritics."""
        rows, following = await queries.page_of_dossiers(reads, actor, limit=limit, cursor=cursor, status=status, q=q)
        return StaffDossierPage(items=[viewer.staff_summary(row) for row in rows], next_cursor=next_cursor(following))

    @post("/", operation_id="createDossier", summary="Take in a dossier", guards=[staff("intake_officer")])
    async def create_dossier(
        self,
        data: JSONBody[CreateDossier],
        actor: Actor,
        reads: TheReads,
        viewer: TheViewer,
        clock: TheClock,
        calendar: TheCalendar,
        people: NamedDependency[People],
    ) -> StaffDossierView:
        """Take in a dossier at the counter; it gets its code and its due date."""
        dossier = await create(
            actor,
            procedure_code=data.procedure_code,
            personal_number=data.applicant.personal_number,
            applicant_name=data.applicant.name,
            receiving_agency=data.receiving_agency,
            deciding_agency=data.deciding_agency,
            now=clock.now(),
            calendar=calendar,
            people=people,
        )
        return viewer.staff_whole(await queries.one_dossier(reads, actor, dossier.id))

    @get("/{dossier_id:str}", operation_id="getStaffDossier", summary="One dossier, for staff")
    async def get_dossier(self, actor: Actor, reads: TheReads, viewer: TheViewer, dossier_id: FromPath[str]) -> StaffDossierView:
        """A dossier of my agencies, with the steps I may take."""
        return viewer.staff_whole(await queries.one_dossier(reads, actor, dossier_id))

    @post("/{dossier_id:str}/transitions", operation_id="transitionDossier", summary="Take a step", status_code=200)
    async def take_step(
        self,
        data: JSONBody[TakeStep],
        actor: Actor,
        reads: TheReads,
        viewer: TheViewer,
        clock: TheClock,
        dossier_id: FromPath[str],
    ) -> StaffDossierView:
        """Take one of `allowedActions`."""
        await transition(actor, dossier_id, data.action, reason=data.reason, now=clock.now())
        return viewer.staff_whole(await queries.one_dossier(reads, actor, dossier_id))

    @post(
        "/{dossier_id:str}/result",
        operation_id="publishResult",
        summary="Publish the result",
        request_max_body_size=MAX_RESULT_BYTES + MULTIPART_OVERHEAD,
        exception_handlers={UnicodeDecodeError: form_not_text},
    )
    async def publish(
        self,
        data: ResultUpload,
        actor: Actor,
        reads: TheReads,
        viewer: TheViewer,
        clock: TheClock,
        files: TheFiles,
        dossier_id: FromPath[str],
    ) -> StaffDossierView:
        """Publish the result file (PDF, PNG or JPEG, 20 MiB at most): the citizen is told at once."""
        content = await data.file.read()
        await publish_result(actor, dossier_id, name=data.file.filename, content=content, now=clock.now(), files=files)
        return viewer.staff_whole(await queries.one_dossier(reads, actor, dossier_id))

    @get(
        "/{dossier_id:str}/result",
        operation_id="downloadStaffResult",
        summary="The result file, for staff",
        media_type="application/octet-stream",
    )
    async def download_result(self, actor: Actor, reads: TheReads, files: TheFiles, dossier_id: FromPath[str]) -> Stream:
        """The result as the citizen gets it."""
        return await result_of(reads, actor, files, dossier_id)
