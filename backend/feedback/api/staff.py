"""What staff do at the desk: look through the queue, look at a report, write a note, lift the mask, pass it on or turn it away."""

from typing import Annotated

from litestar import Controller, get, post
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.response import Stream

from backend.feedback import queries, templates
from backend.feedback.actions import dispatch, note
from backend.feedback.api.desk import TheFeedbackDesk
from backend.feedback.api.given import TheCircumstances
from backend.feedback.api.turn import TheTurn
from backend.feedback.schemas.staff import (
    AnswerTemplate,
    AnswerTemplates,
    AssignFeedback,
    ClassifyFeedback,
    MergeFeedback,
    RedirectFeedback,
    RejectFeedback,
    ReporterIdentity,
    StaffFeedbackPage,
    StaffFeedbackView,
    UnmaskReporter,
    WriteNote,
)
from kernel.http.access import staff
from kernel.http.given import Actor, Language, TheFiles, TheFresh
from kernel.http.idempotency import IDEMPOTENT
from kernel.http.limits import limited
from kernel.http.paging import Cursor, Limit

InState = Annotated[str | None, QueryParameter(name="state", max_length=64, description="Name of a state; without, what is open.")]
Category = Annotated[str | None, QueryParameter(name="category", max_length=64, description="Code of a category.")]
Agency = Annotated[str | None, QueryParameter(name="agency", max_length=64, description="Code of the agency it was given to.")]
Unassigned = Annotated[bool, QueryParameter(name="unassigned", description="Only what no officer has begun.")]


class StaffFeedback(Controller):
    """Staff read the reports of their agencies; whoever works at the desk sees what arrives there."""

    path = "/v1/staff/feedback"
    tags = ["Staff feedback"]
    guards = [staff()]

    @get("/", operation_id="listStaffFeedback", summary="The queue of my agencies")
    async def list_reports(
        self,
        actor: Actor,
        feedback_desk: TheFeedbackDesk,
        limit: Limit = 20,
        cursor: Cursor = None,
        in_state: InState = None,
        category: Category = None,
        agency: Agency = None,
        unassigned: Unassigned = False,  # noqa: FBT002 - a query parameter
    ) -> StaffFeedbackPage:
        """What is due first stands first; what waits for somebody else stands last. Nobody's data are in it."""
        wanted = queries.queue_filter(actor, state=in_state, category=category, agency=agency, unassigned=unassigned)
        return await feedback_desk.page(wanted, limit=limit, cursor=cursor)

    @get("/templates", operation_id="listAnswerTemplates", summary="Words to begin with")
    async def list_templates(self, language: Language, fresh: TheFresh, category: Category = None) -> AnswerTemplates:
        """Templates for what a citizen is told, those made for the category first. None goes out with a blank in it."""
        fresh.at(0)
        return AnswerTemplates(
            items=[
                AnswerTemplate(
                    code=one.code, move=one.move, label=one.label(language), text=one.text, blanks=templates.blanks_in(one.text)
                )
                for one in templates.suggested(category)
            ]
        )

    @get("/{feedback_id:str}", operation_id="getStaffFeedback", summary="One report, for staff")
    async def get_report(self, feedback_desk: TheFeedbackDesk, feedback_id: FromPath[str]) -> StaffFeedbackView:
        """A report of my agencies with its notes, the reporter masked, and the steps I may take."""
        return await feedback_desk.show(feedback_id)

    @get(
        "/{feedback_id:str}/files/{upload_id:str}",
        operation_id="downloadStaffFeedbackFile",
        summary="A file of a report, for staff",
        media_type="application/octet-stream",
    )
    async def download_file(
        self, feedback_desk: TheFeedbackDesk, files: TheFiles, feedback_id: FromPath[str], upload_id: FromPath[str]
    ) -> Stream:
        """What came with a report or a reply, or what an answer shows; on record before it is handed out."""
        return await feedback_desk.file(files, feedback_id, upload_id)

    @post("/{feedback_id:str}/notes", operation_id="addStaffNote", summary="A word among colleagues", opt=IDEMPOTENT)
    async def add_note(
        self,
        data: JSONBody[WriteNote],
        actor: Actor,
        feedback_desk: TheFeedbackDesk,
        circumstances: TheCircumstances,
        feedback_id: FromPath[str],
    ) -> StaffFeedbackView:
        """Write a note. No citizen ever reads one."""
        await feedback_desk.about_to("feedback.noted", feedback_id)
        await note.write_note(actor, feedback_id, data.text, circumstances)
        return await feedback_desk.show(feedback_id, after="feedback.noted")

    @post(
        "/{feedback_id:str}/unmask",
        operation_id="unmaskReporter",
        summary="Who reported",
        status_code=200,
        guards=[staff("dispatcher", "handler", "approver")],
        opt=limited("unmask"),
    )
    async def unmask(
        self, data: JSONBody[UnmaskReporter], feedback_desk: TheFeedbackDesk, feedback_id: FromPath[str]
    ) -> ReporterIdentity:
        """Name and phone of the reporter; on record, with the purpose, before the answer leaves."""
        return await feedback_desk.unmask(feedback_id, data.purpose)

    @post(
        "/{feedback_id:str}/classify",
        operation_id="classifyFeedback",
        summary="Say what it is about",
        status_code=200,
        opt=IDEMPOTENT,
    )
    async def classify(self, data: JSONBody[ClassifyFeedback], turn: TheTurn) -> StaffFeedbackView:
        """Category, urgency, and the agency it should go to. A promise can only become shorter."""
        return await turn.take(
            "feedback.moved",
            lambda given: dispatch.classify(
                turn.official, turn.report_id, category=data.category, urgency=data.urgency, agency=data.agency, given=given
            ),
        )

    @post(
        "/{feedback_id:str}/assign", operation_id="assignFeedback", summary="Give it to an agency", status_code=200, opt=IDEMPOTENT
    )
    async def assign(self, data: JSONBody[AssignFeedback], turn: TheTurn) -> StaffFeedbackView:
        """The promise to pass on is kept, the promise to answer begins. `nobodyOnDuty` says that nobody there could take it."""
        return await turn.take(
            "feedback.moved",
            lambda given: dispatch.assign(turn.official, turn.report_id, agency=data.agency, given=given),
        )

    @post(
        "/{feedback_id:str}/reject",
        operation_id="rejectFeedback",
        summary="Do not accept a report",
        status_code=200,
        opt=IDEMPOTENT,
    )
    async def reject(self, data: JSONBody[RejectFeedback], turn: TheTurn) -> StaffFeedbackView:
        """With a reason of the list and words the citizen understands."""
        return await turn.take(
            "feedback.moved",
            lambda given: dispatch.turn_away(
                turn.official, turn.report_id, "reject", reason=data.reason, text=data.public_text, given=given
            ),
        )

    @post(
        "/{feedback_id:str}/redirect",
        operation_id="redirectFeedback",
        summary="Show the right door",
        status_code=200,
        opt=IDEMPOTENT,
    )
    async def redirect(self, data: JSONBody[RedirectFeedback], turn: TheTurn) -> StaffFeedbackView:
        """Tell the citizen which door is the right one."""
        return await turn.take(
            "feedback.moved",
            lambda given: dispatch.turn_away(
                turn.official, turn.report_id, "redirect", reason=data.door, text=data.public_text, given=given
            ),
        )

    @post(
        "/{feedback_id:str}/merge",
        operation_id="mergeFeedback",
        summary="The same thing reported twice",
        status_code=200,
        opt=IDEMPOTENT,
    )
    async def merge(self, data: JSONBody[MergeFeedback], turn: TheTurn) -> StaffFeedbackView:
        """This report ends, the other goes on; its citizen follows the other and is told what comes of it."""
        return await turn.take(
            "feedback.moved",
            lambda given: dispatch.merge(turn.official, turn.report_id, into=data.into, given=given),
        )
