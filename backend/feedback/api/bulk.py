"""Forty reports of one storm: the same step for many, each on record by itself, each with an outcome of its own."""

from functools import partial

from litestar import Controller, post
from litestar.params import JSONBody

from backend.feedback.actions import dispatch
from backend.feedback.actions.steps import Circumstances
from backend.feedback.api.desk import TheFeedbackDesk
from backend.feedback.api.given import TheCircumstances
from backend.feedback.api.turn import Turn
from backend.feedback.documents import Feedback
from backend.feedback.schemas.bulk import MovedReport, MovedReports, MoveReports
from kernel.errors import Problem, Unavailable
from kernel.http.access import staff
from kernel.http.given import Actor, Language
from kernel.http.idempotency import IDEMPOTENT
from kernel.http.words import sentence

MOVED = "feedback.moved"


class ManyReports(Controller):
    """Whoever works at a desk, on a bad day."""

    path = "/v1/staff/feedback/bulk"
    tags = ["Staff feedback"]
    guards = [staff("dispatcher", "approver")]

    @post("/", operation_id="moveReports", summary="The same step for many reports", status_code=200, opt=IDEMPOTENT)
    async def move(
        self,
        data: JSONBody[MoveReports],
        actor: Actor,
        language: Language,
        feedback_desk: TheFeedbackDesk,
        circumstances: TheCircumstances,
    ) -> MovedReports:
        """One that cannot be moved stops none of the others; sent again, what has been moved stays moved once."""

        async def step(report: str, given: Circumstances) -> Feedback:
            if data.step == "assign":
                return await dispatch.assign(actor, report, agency=data.agency, given=given)
            return await dispatch.classify(
                actor, report, category=data.category, urgency=data.urgency, agency=data.agency, given=given
            )

        items = []
        for report in dict.fromkeys(data.ids):
            turn = Turn(actor, report, feedback_desk, circumstances)
            try:
                seen = await turn.take(MOVED, partial(step, report))
                items.append(MovedReport(id=report, moved=True, state=seen.state.name))
            except Unavailable:
                raise
            except Problem as wrong:
                detail = sentence(wrong, language)
                items.append(MovedReport(id=report, moved=False, code=wrong.code(), detail=detail))
        return MovedReports(items=items)
