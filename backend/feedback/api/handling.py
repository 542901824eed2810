"""What the agency that was given a report does with it: begin, ask, hand on, answer, approve."""

from litestar import Controller, post
from litestar.params import FromPath, JSONBody

from backend.feedback.actions import answer, work
from backend.feedback.api.desk import TheFeedbackDesk
from backend.feedback.api.given import TheCircumstances
from backend.feedback.schemas.staff import (
    AnswerFeedback,
    DecideReopening,
    SendBackAnswer,
    StaffFeedbackView,
    TellReporter,
)
from kernel.http.access import staff
from kernel.http.given import Actor, IfMatch
from kernel.http.idempotency import IDEMPOTENT

MOVED, ANSWERED = "feedback.moved", "feedback.answered"


class HandleFeedback(Controller):
    """Staff work on the reports of their agencies. With `If-Match`, what somebody else has changed meanwhile is not overwritten."""

    path = "/v1/staff/feedback/{feedback_id:str}"
    tags = ["Staff feedback"]
    guards = [staff()]

    @post("/start", operation_id="startFeedback", summary="Begin to work on it", status_code=200, opt=IDEMPOTENT)
    async def start(
        self,
        actor: Actor,
        feedback_desk: TheFeedbackDesk,
        circumstances: TheCircumstances,
        if_match: IfMatch,
        feedback_id: FromPath[str],
    ) -> StaffFeedbackView:
        """It is the caller's now: the citizen reads that, and the name."""
        await feedback_desk.about_to(MOVED, feedback_id)
        changed = await work.start(actor, feedback_id, given=circumstances.only(if_match))
        return await feedback_desk.show(feedback_id, after=MOVED, changed=changed)

    @post("/ask", operation_id="askReporter", summary="Ask the reporter", status_code=200, opt=IDEMPOTENT)
    async def ask(
        self,
        data: JSONBody[TellReporter],
        actor: Actor,
        feedback_desk: TheFeedbackDesk,
        circumstances: TheCircumstances,
        if_match: IfMatch,
        feedback_id: FromPath[str],
    ) -> StaffFeedbackView:
        """The promise pauses until the citizen replies, at most for seven days."""
        await feedback_desk.about_to(MOVED, feedback_id)
        changed = await work.tell_and_move(
            actor, feedback_id, "ask_reporter", text=data.public_text, given=circumstances.only(if_match)
        )
        return await feedback_desk.show(feedback_id, after=MOVED, changed=changed)

    @post("/forward", operation_id="forwardFeedback", summary="Hand it to somebody outside", status_code=200, opt=IDEMPOTENT)
    async def forward(
        self,
        data: JSONBody[TellReporter],
        actor: Actor,
        feedback_desk: TheFeedbackDesk,
        circumstances: TheCircumstances,
        if_match: IfMatch,
        feedback_id: FromPath[str],
    ) -> StaffFeedbackView:
        """Say who does the work. The promise stays ours, and its clock runs on."""
        await feedback_desk.about_to(MOVED, feedback_id)
        given = circumstances.only(if_match)
        changed = await work.tell_and_move(actor, feedback_id, "forward", text=data.public_text, given=given)
        return await feedback_desk.show(feedback_id, after=MOVED, changed=changed)

    @post("/take-back", operation_id="takeBackFeedback", summary="Take it back from outside", status_code=200, opt=IDEMPOTENT)
    async def take_back(
        self,
        actor: Actor,
        feedback_desk: TheFeedbackDesk,
        circumstances: TheCircumstances,
        if_match: IfMatch,
        feedback_id: FromPath[str],
    ) -> StaffFeedbackView:
        """What somebody outside had to do is done, or will not be."""
        await feedback_desk.about_to(MOVED, feedback_id)
        changed = await work.take_back(actor, feedback_id, given=circumstances.only(if_match))
        return await feedback_desk.show(feedback_id, after=MOVED, changed=changed)

    @post("/answer", operation_id="answerFeedback", summary="Answer the citizen", status_code=200, opt=IDEMPOTENT)
    async def answer(
        self,
        data: JSONBody[AnswerFeedback],
        actor: Actor,
        feedback_desk: TheFeedbackDesk,
        circumstances: TheCircumstances,
        if_match: IfMatch,
        feedback_id: FromPath[str],
    ) -> StaffFeedbackView:
        """Answer with a picture, or with the reason why there is none. Some categories want a second pair of eyes first."""
        await feedback_desk.about_to(ANSWERED, feedback_id)
        said = answer.Answer(text=data.public_text, uploads=data.uploads, why_no_picture=data.why_no_picture)
        changed = await answer.answer(actor, feedback_id, said, given=circumstances.only(if_match))
        return await feedback_desk.show(feedback_id, after=ANSWERED, changed=changed)

    @post("/approve", operation_id="approveAnswer", summary="Let an answer go out", status_code=200, opt=IDEMPOTENT)
    async def approve(
        self,
        actor: Actor,
        feedback_desk: TheFeedbackDesk,
        circumstances: TheCircumstances,
        if_match: IfMatch,
        feedback_id: FromPath[str],
    ) -> StaffFeedbackView:
        """By somebody other than its author: the citizen is told at once."""
        await feedback_desk.about_to(ANSWERED, feedback_id)
        changed = await answer.approve(actor, feedback_id, given=circumstances.only(if_match))
        return await feedback_desk.show(feedback_id, after=ANSWERED, changed=changed)

    @post("/send-back", operation_id="sendBackAnswer", summary="Send an answer back", status_code=200, opt=IDEMPOTENT)
    async def send_back(
        self,
        data: JSONBody[SendBackAnswer],
        actor: Actor,
        feedback_desk: TheFeedbackDesk,
        circumstances: TheCircumstances,
        if_match: IfMatch,
        feedback_id: FromPath[str],
    ) -> StaffFeedbackView:
        """Back to its author, with a reason; reason and text are kept as notes."""
        await feedback_desk.about_to(MOVED, feedback_id)
        changed = await answer.send_back(actor, feedback_id, reason=data.reason, given=circumstances.only(if_match))
        return await feedback_desk.show(feedback_id, after=MOVED, changed=changed)

    @post("/reopening", operation_id="decideReopening", summary="Decide on a second reopening", status_code=200, opt=IDEMPOTENT)
    async def decide(
        self,
        data: JSONBody[DecideReopening],
        actor: Actor,
        feedback_desk: TheFeedbackDesk,
        circumstances: TheCircumstances,
        if_match: IfMatch,
        feedback_id: FromPath[str],
    ) -> StaffFeedbackView:
        """The leader's last word. A no is explained to the citizen."""
        await feedback_desk.about_to(MOVED, feedback_id)
        changed = await answer.decide_reopening(
            actor, feedback_id, grant=data.grant, text=data.public_text, given=circumstances.only(if_match)
        )
        return await feedback_desk.show(feedback_id, after=MOVED, changed=changed)
