"""What the agency that was given a report does with it: begin, ask, hand on, answer, approve."""

from litestar import Controller, post
from litestar.params import JSONBody

from backend.feedback.actions import answer, work
from backend.feedback.api.turn import TheTurn
from backend.feedback.schemas.staff import (
    AnswerFeedback,
    DecideReopening,
    SendBackAnswer,
    StaffFeedbackView,
    TellReporter,
)
from kernel.http.access import staff
from kernel.http.idempotency import IDEMPOTENT

MOVED, ANSWERED = "feedback.moved", "feedback.answered"


class HandleFeedback(Controller):
    """Staff work on the reports of their agencies. With `If-Match`, what somebody else has changed meanwhile is not overwritten."""

    path = "/v1/staff/feedback/{feedback_id:str}"
    tags = ["Staff feedback"]
    guards = [staff()]

    @post("/start", operation_id="startFeedback", summary="Begin to work on it", status_code=200, opt=IDEMPOTENT)
    async def start(self, turn: TheTurn) -> StaffFeedbackView:
        """It is the caller's now: the citizen reads that, and the name."""
        return await turn.take(MOVED, lambda given: work.start(turn.official, turn.report_id, given=given))

    @post("/ask", operation_id="askReporter", summary="Ask the reporter", status_code=200, opt=IDEMPOTENT)
    async def ask(self, data: JSONBody[TellReporter], turn: TheTurn) -> StaffFeedbackView:
        """The promise pauses until the citizen replies, at most for seven days."""
        return await turn.take(
            MOVED,
            lambda given: work.tell_and_move(turn.official, turn.report_id, "ask_reporter", text=data.public_text, given=given),
        )

    @post("/forward", operation_id="forwardFeedback", summary="Hand it to somebody outside", status_code=200, opt=IDEMPOTENT)
    async def forward(self, data: JSONBody[TellReporter], turn: TheTurn) -> StaffFeedbackView:
        """Say who does the work. The promise stays ours, and its clock runs on."""
        return await turn.take(
            MOVED,
            lambda given: work.tell_and_move(turn.official, turn.report_id, "forward", text=data.public_text, given=given),
        )

    @post("/take-back", operation_id="takeBackFeedback", summary="Take it back from outside", status_code=200, opt=IDEMPOTENT)
    async def take_back(self, turn: TheTurn) -> StaffFeedbackView:
        """What somebody outside had to do is done, or will not be."""
        return await turn.take(MOVED, lambda given: work.take_back(turn.official, turn.report_id, given=given))

    @post("/answer", operation_id="answerFeedback", summary="Answer the citizen", status_code=200, opt=IDEMPOTENT)
    async def answer(self, data: JSONBody[AnswerFeedback], turn: TheTurn) -> StaffFeedbackView:
        """Answer with a picture, or with the reason why there is none. Some categories want a second pair of eyes first."""
        said = answer.Answer(text=data.public_text, uploads=data.uploads, why_no_picture=data.why_no_picture)
        return await turn.take(ANSWERED, lambda given: answer.answer(turn.official, turn.report_id, said, given=given))

    @post("/approve", operation_id="approveAnswer", summary="Let an answer go out", status_code=200, opt=IDEMPOTENT)
    async def approve(self, turn: TheTurn) -> StaffFeedbackView:
        """By somebody other than its author: the citizen is told at once."""
        return await turn.take(ANSWERED, lambda given: answer.approve(turn.official, turn.report_id, given=given))

    @post("/send-back", operation_id="sendBackAnswer", summary="Send an answer back", status_code=200, opt=IDEMPOTENT)
    async def send_back(self, data: JSONBody[SendBackAnswer], turn: TheTurn) -> StaffFeedbackView:
        """Back to its author, with a reason; reason and text are kept as notes."""
        return await turn.take(
            MOVED, lambda given: answer.send_back(turn.official, turn.report_id, reason=data.reason, given=given)
        )

    @post("/reopening", operation_id="decideReopening", summary="Decide on a second reopening", status_code=200, opt=IDEMPOTENT)
    async def decide(self, data: JSONBody[DecideReopening], turn: TheTurn) -> StaffFeedbackView:
        """The leader's last word. A no is explained to the citizen."""
        return await turn.take(
            MOVED,
            lambda given: answer.decide_reopening(
                turn.official, turn.report_id, grant=data.grant, text=data.public_text, given=given
            ),
        )
