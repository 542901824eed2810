"""What a citizen's phone can do with its reports."""

from litestar import Controller, get, post
from litestar.params import FromPath, JSONBody
from litestar.response import Stream

from auth.tokens.attested import ATTESTED
from backend.feedback import queries
from backend.feedback.actions import citizen_steps, rate, send
from backend.feedback.api.given import TheCircumstances
from backend.feedback.api.views import FeedbackViewer, TheFeedbackViewer
from backend.feedback.documents import Feedback
from backend.feedback.places import Spot
from backend.feedback.schemas.citizen import (
    ExactPlace,
    FeedbackPage,
    FeedbackView,
    RateFeedback,
    ReopenFeedback,
    ReplyFeedback,
    SendFeedback,
)
from kernel.audit import Audit, AuditEntry
from kernel.http.access import REPORTS, citizens_or_helpers
from kernel.http.downloads import download
from kernel.http.given import Actor, TheAudit, TheFiles, TheFresh, TheReads
from kernel.http.idempotency import IDEMPOTENT, KEY_REQUIRED
from kernel.http.limits import limited
from kernel.http.paging import Cursor, Limit, next_cursor
from kernel.mongo.files import Files
from kernel.mongo.reads import Reads, Row
from kernel.principal import Principal


class CitizenFeedback(Controller):
    """A citizen sends and follows their own reports."""

    path = "/v1/feedback"
    tags = ["Feedback"]
    guards = [citizens_or_helpers(REPORTS)]

    @post("/", operation_id="sendFeedback", summary="Report something", opt={**KEY_REQUIRED, **limited("feedback"), **ATTESTED})
    async def send(
        self,
        data: JSONBody[SendFeedback],
        actor: Actor,
        reads: TheReads,
        feedback_viewer: TheFeedbackViewer,
        circumstances: TheCircumstances,
        audit: TheAudit,
    ) -> FeedbackView:
        """Send a report: it gets a code, a secret to follow it by, and both promises. The same `clientId` is the same report."""
        report = await send.send(actor, _told(data), circumstances)
        await _note(audit, actor, "feedback.sent", report)
        return await _shown(reads, actor, feedback_viewer, report.id)

    @get("/", operation_id="listFeedback", summary="My reports")
    async def list_reports(
        self,
        actor: Actor,
        reads: TheReads,
        feedback_viewer: TheFeedbackViewer,
        fresh: TheFresh,
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> FeedbackPage:
        """My reports, the latest change first."""
        rows, following = await fresh.page(
            lambda shown: queries.own_page(reads, actor, limit=limit, cursor=cursor, shown=shown), feedback_viewer.page_marks
        )
        return FeedbackPage(items=[feedback_viewer.summary(row) for row in rows], next_cursor=next_cursor(following))

    @get("/{feedback_id:str}", operation_id="getFeedback", summary="One report")
    async def get_report(
        self, actor: Actor, reads: TheReads, feedback_viewer: TheFeedbackViewer, fresh: TheFresh, feedback_id: FromPath[str]
    ) -> FeedbackView:
        """A report of mine with its timeline, its files, both promises, and what I can do now."""
        row = await fresh.row(lambda shown: queries.own_report(reads, actor, feedback_id, shown), feedback_viewer.marks)
        return feedback_viewer.whole(row)

    @get(
        "/{feedback_id:str}/files/{upload_id:str}",
        operation_id="downloadFeedbackFile",
        summary="A file of a report",
        media_type="application/octet-stream",
    )
    async def download_file(
        self, actor: Actor, reads: TheReads, files: TheFiles, feedback_id: FromPath[str], upload_id: FromPath[str]
    ) -> Stream:
        """What I sent with a report or a reply, or what its answer shows; a picture as it was drawn anew."""
        return await streamed(await queries.file_row(reads, actor, feedback_id, upload_id), files)

    @post(
        "/{feedback_id:str}/messages",
        operation_id="replyFeedback",
        summary="Answer the office's question",
        opt={**KEY_REQUIRED, **limited("message")},
    )
    async def reply(
        self,
        data: JSONBody[ReplyFeedback],
        actor: Actor,
        reads: TheReads,
        feedback_viewer: TheFeedbackViewer,
        circumstances: TheCircumstances,
        audit: TheAudit,
        feedback_id: FromPath[str],
    ) -> FeedbackView:
        """Answer what the office asked: the clock of its promise runs again."""
        report = await citizen_steps.reply(actor, feedback_id, data.text, data.uploads, circumstances)
        await _note(audit, actor, "feedback.moved", report)
        return await _shown(reads, actor, feedback_viewer, feedback_id)

    @post(
        "/{feedback_id:str}/withdraw",
        operation_id="withdrawFeedback",
        summary="Take a report back",
        status_code=200,
        opt=IDEMPOTENT,
    )
    async def withdraw(
        self,
        actor: Actor,
        reads: TheReads,
        feedback_viewer: TheFeedbackViewer,
        circumstances: TheCircumstances,
        audit: TheAudit,
        feedback_id: FromPath[str],
    ) -> FeedbackView:
        """Take a report back, while nobody has begun to work on it."""
        report = await citizen_steps.withdraw(actor, feedback_id, circumstances)
        await _note(audit, actor, "feedback.moved", report)
        return await _shown(reads, actor, feedback_viewer, feedback_id)

    @post(
        "/{feedback_id:str}/reopen",
        operation_id="reopenFeedback",
        summary="Say that an answer is not true",
        status_code=200,
        opt=IDEMPOTENT,
    )
    async def reopen(
        self,
        data: JSONBody[ReopenFeedback],
        actor: Actor,
        reads: TheReads,
        feedback_viewer: TheFeedbackViewer,
        circumstances: TheCircumstances,
        audit: TheAudit,
        feedback_id: FromPath[str],
    ) -> FeedbackView:
        """Within seven days of the answer. The first time the report is open again; the second time the leader decides."""
        report = await citizen_steps.reopen(actor, feedback_id, data.reason, circumstances)
        await _note(audit, actor, "feedback.moved", report)
        return await _shown(reads, actor, feedback_viewer, feedback_id)

    @post("/{feedback_id:str}/rating", operation_id="rateFeedback", summary="Rate an answer", opt=IDEMPOTENT)
    async def rate(
        self,
        data: JSONBody[RateFeedback],
        actor: Actor,
        reads: TheReads,
        feedback_viewer: TheFeedbackViewer,
        circumstances: TheCircumstances,
        audit: TheAudit,
        feedback_id: FromPath[str],
    ) -> FeedbackView:
        """Like it or not, stars, standard reasons, words, and whether the office may call. Once for each answer."""
        report = await rate.rate(
            actor,
            feedback_id,
            liked=data.liked,
            stars=data.stars,
            reasons=data.reasons,
            text=data.text,
            may_call=data.may_call,
            given=circumstances,
        )
        await _note(audit, actor, "feedback.rated", report)
        return await _shown(reads, actor, feedback_viewer, feedback_id)


async def _note(audit: Audit, actor: Principal, action: str, report: Feedback) -> None:
    """On record with what it changed, as an official's step is."""
    entry = AuditEntry(
        action=action,
        object=f"feedback:{report.id}",
        subjects=(actor.recipient,),
        changes=report.changes(),
        whose=report.data_subject(),
        agency=report.agency or report.desk,
    )
    await audit.record(actor, entry)


async def _shown(reads: Reads, actor: Principal, viewer: FeedbackViewer, feedback_id: str) -> FeedbackView:
    return viewer.whole(await queries.own_report(reads, actor, feedback_id))


async def streamed(row: Row, files: Files) -> Stream:
    """The file of a row of `queries.file_row`."""
    file = row["file"]
    chunks = await files.read(file)
    return download(chunks, name=str(file["name"]), size=file["size"], sha256=file["sha256"])


def _told(data: SendFeedback) -> send.Told:
    return send.Told(
        client_id=data.client_id,
        kind=data.kind,
        category=data.category,
        urgency=data.urgency,
        text=data.text,
        landmark=data.landmark,
        commune=data.commune,
        spot=_spot(data.place) if data.place else None,
        place_consent=data.place_consent,
        place_consent_text=data.place_consent_text,
        uploads=data.uploads,
        observed_at=data.observed_at,
        anonymous_to_staff=data.anonymous_to_staff,
        name=data.contact.name if data.contact else "",
        phone=data.contact.phone if data.contact else "",
    )


def _spot(place: ExactPlace) -> Spot:
    return Spot(place.lat, place.lon, place.accuracy)
