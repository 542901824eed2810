"""What staff can do with the dossiers of their agencies."""

from typing import Annotated

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, JSONBody, QueryParameter
from litestar.response import Stream

from backend.dossiers.actions.applicant import People
from backend.dossiers.actions.create import create
from backend.dossiers.actions.publish_result import publish_result
from backend.dossiers.actions.transition import transition
from backend.dossiers.api.desk import TheDesk
from backend.dossiers.file_type import MAX_RESULT_BYTES
from backend.dossiers.schemas.dossiers import CreateDossier, PublishResult, StaffDossierPage, StaffDossierView, TakeStep
from backend.uploads.api.desk import TheUploadDesk
from kernel.http.access import staff
from kernel.http.bodies import form_not_text
from kernel.http.given import Actor, IfMatch, TheCalendar, TheClock, TheFiles, TheOperation
from kernel.http.idempotency import IDEMPOTENT
from kernel.http.paging import Cursor, Limit

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
        self, desk: TheDesk, limit: Limit = 20, cursor: Cursor = None, status: Status = None, q: Query = None
    ) -> StaffDossierPage:
        """Dossiers my agencies received or decide, the latest change first; `q` finds without diacritics."""
        return await desk.page(limit=limit, cursor=cursor, status=status, q=q)

    @post("/", operation_id="createDossier", summary="Take in a dossier", guards=[staff("intake_officer")], opt=IDEMPOTENT)
    async def create_dossier(
        self,
        data: JSONBody[CreateDossier],
        actor: Actor,
        desk: TheDesk,
        clock: TheClock,
        calendar: TheCalendar,
        people: NamedDependency[People],
        operation: TheOperation,
    ) -> StaffDossierView:
        """Take in a dossier at the counter; it gets its code and its due date."""
        await desk.about_to("dossier.created")
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
            dossier_id=operation.id,
        )
        return await desk.show(dossier.id, after="dossier.created", changed=dossier)

    @get("/{dossier_id:str}", operation_id="getStaffDossier", summary="One dossier, for staff")
    async def get_dossier(self, desk: TheDesk, dossier_id: FromPath[str]) -> StaffDossierView:
        """A dossier of my agencies, with the steps I may take."""
        return await desk.show(dossier_id)

    @post("/{dossier_id:str}/transitions", operation_id="transitionDossier", summary="Take a step", status_code=200, opt=IDEMPOTENT)
    async def take_step(
        self,
        data: JSONBody[TakeStep],
        actor: Actor,
        desk: TheDesk,
        clock: TheClock,
        operation: TheOperation,
        if_match: IfMatch,
        dossier_id: FromPath[str],
    ) -> StaffDossierView:
        """Take one of `allowedActions`."""
        await desk.about_to("dossier.transitioned", dossier_id)
        dossier = await transition(
            actor,
            dossier_id,
            data.action,
            reason=data.reason,
            now=clock.now(),
            items=data.items,
            respond_by=data.respond_by,
            step_id=operation.id,
            if_match=if_match,
        )
        return await desk.show(dossier_id, after="dossier.transitioned", changed=dossier)

    @post(
        "/{dossier_id:str}/result",
        operation_id="publishResult",
        summary="Publish the result",
        request_max_body_size=MAX_RESULT_BYTES + MULTIPART_OVERHEAD,
        exception_handlers={UnicodeDecodeError: form_not_text},
        opt=IDEMPOTENT,
    )
    async def publish(
        self,
        data: ResultUpload,
        actor: Actor,
        desk: TheDesk,
        clock: TheClock,
        files: TheFiles,
        operation: TheOperation,
        if_match: IfMatch,
        dossier_id: FromPath[str],
    ) -> StaffDossierView:
        """Publish the result file (PDF, PNG or JPEG, 20 MiB at most): the citizen is told at once."""
        content = await data.file.read()
        await desk.about_to("dossier.result_published", dossier_id)
        dossier = await publish_result(
            actor,
            dossier_id,
            name=data.file.filename,
            content=content,
            now=clock.now(),
            files=files,
            step_id=operation.id,
            if_match=if_match,
        )
        return await desk.show(dossier_id, after="dossier.result_published", changed=dossier)

    @get(
        "/{dossier_id:str}/result",
        operation_id="downloadStaffResult",
        summary="The result file, for staff",
        media_type="application/octet-stream",
    )
    async def download_result(self, desk: TheDesk, files: TheFiles, dossier_id: FromPath[str]) -> Stream:
        """The result as the citizen gets it."""
        return await desk.result(files, dossier_id)

    @get(
        "/{dossier_id:str}/supplied/{file_id:str}",
        operation_id="downloadSupplied",
        summary="A paper the citizen supplied",
        media_type="application/octet-stream",
    )
    async def download_supplied(
        self, desk: TheDesk, files: TheFiles, upload_desk: TheUploadDesk, dossier_id: FromPath[str], file_id: FromPath[str]
    ) -> Stream:
        """A file the citizen supplied, as it was checked; a photo as PDF where the deciding agency takes nothing else."""
        return await desk.supplied(files, upload_desk.checking.inspector, dossier_id, file_id)
