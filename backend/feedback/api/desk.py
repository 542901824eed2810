"""The desk at which officials see reports: nobody's report is shown before it is on record who saw it, and why (SEC-71)."""

from typing import Annotated, Any

from litestar.di import NamedDependency
from litestar.params import HeaderParameter
from litestar.response import Stream

from backend.feedback import queries
from backend.feedback.api.citizen import streamed
from backend.feedback.api.staff_views import queue_item, staff_whole
from backend.feedback.api.views import FeedbackViewer, TheFeedbackViewer
from backend.feedback.documents import Feedback, own_subject
from backend.feedback.errors import ReporterStaysAnonymous
from backend.feedback.schemas.staff import ReporterIdentity, StaffFeedbackPage, StaffFeedbackView
from kernel.audit import ATTEMPTED, DONE, Audit, AuditEntry
from kernel.http.conditional import Fresh
from kernel.http.given import Actor, TheAudit, TheFresh, TheOperation, TheReads
from kernel.http.idempotency import Operation
from kernel.http.paging import next_cursor
from kernel.mongo.files import Files
from kernel.mongo.reads import Reads
from kernel.principal import Principal

Row = dict[str, Any]

USUAL_PURPOSE = "feedback_handling"
FeedbackPurpose = Annotated[
    str,
    HeaderParameter(
        name="X-Access-Purpose",
        pattern="^[a-z_]{3,40}$",
        description="Why the caller looks; the citizen can read it. Usually left out.",
    ),
]

_PLACES = ("agency", "desk")
_IN_FULL = ("text", "place")
_WHO = ("reporter_name", "reporter_phone")


class FeedbackDesk:
    """One official's view of the reports of their agencies, in one request."""

    def __init__(
        self, actor: Principal, reads: Reads, viewer: FeedbackViewer, audit: Audit, fresh: Fresh, operation: Operation, purpose: str
    ) -> None:
        self._actor, self._reads, self._viewer, self._audit, self._purpose = actor, reads, viewer, audit, purpose
        self._fresh, self._operation = fresh, operation

    async def page(self, wanted: dict[str, Any], *, limit: int, cursor: str | None) -> StaffFeedbackPage:
        """A page of a queue. It shows nobody's data, so it names nobody in the record either."""
        rows, following = await self._fresh.page(
            lambda shown: queries.queue(self._reads, wanted, limit=limit, cursor=cursor, shown=shown),
            self._viewer.page_marks,
            before=lambda _: self._note("feedback.listed", "feedback:page", [], ()),
        )
        return StaffFeedbackPage(items=[queue_item(self._viewer, row) for row in rows], next_cursor=next_cursor(following))

    async def show(self, feedback_id: str, *, after: str = "feedback.viewed", changed: Feedback | None = None) -> StaffFeedbackView:
        """One report; `after` is the act that led here, `changed` the report it was done to.

        Raises:
            FeedbackNotFound, AuditUnavailable.
        """
        row = await self._fresh.row(
            lambda shown: queries.staff_report(self._reads, self._actor, feedback_id, shown),
            self._viewer.marks,
            before=lambda row: self._note(after, f"feedback:{feedback_id}", [row], _IN_FULL, changed=changed),
        )
        self._operation.concerns(row.get("reporter") or own_subject(feedback_id))
        return staff_whole(self._viewer, row)

    async def file(self, files: Files, feedback_id: str, upload_id: str) -> Stream:
        """One file of a report.

        Raises:
            FeedbackNotFound, FeedbackFileNotFound, AuditUnavailable, FileErased, FileDamaged.
        """
        row = await queries.file_row(self._reads, self._actor, feedback_id, upload_id)
        await self._note("feedback.file_downloaded", f"feedback:{feedback_id}", [row], ("files",))
        return await streamed(row, files)

    async def about_to(self, action: str, feedback_id: str) -> None:
        """Put on record what is about to be done: what cannot be recorded does not happen. `show` records that it did.

        Raises:
            FeedbackNotFound, AuditUnavailable.
        """
        row = await queries.concerned(self._reads, self._actor, feedback_id)
        await self._note(action, f"feedback:{feedback_id}", [row], (), result=ATTEMPTED)

    async def unmask(self, feedback_id: str, purpose: str) -> ReporterIdentity:
        """Who reported, once it is on record who wants to know and what for.

        Raises:
            FeedbackNotFound, ReporterStaysAnonymous, AuditUnavailable.
        """
        row = await queries.staff_report(self._reads, self._actor, feedback_id)
        if row["anonymous_to_staff"] or "reporter_name" not in row:
            raise ReporterStaysAnonymous
        await self._note("feedback.unmasked", f"feedback:{feedback_id}", [row], _WHO, purpose=purpose)
        word = self._viewer.word
        return ReporterIdentity(name=word(row["reporter_name"]), phone=word(row["reporter_phone"]))

    async def _note(
        self,
        action: str,
        what: str,
        rows: list[Row],
        fields: tuple[str, ...],
        *,
        result: str = DONE,
        purpose: str = "",
        changed: Feedback | None = None,
    ) -> None:
        subjects = tuple(dict.fromkeys(row["reporter"] for row in rows if "reporter" in row))
        entry = AuditEntry(
            action=action,
            object=what,
            subjects=subjects,
            fields=fields,
            changes=changed.changes() if changed else (),
            whose=changed.data_subject() if changed else None,
            agency=self._office(rows),
            purpose=purpose or self._purpose,
            result=result,
        )
        await self._audit.record(self._actor, entry)

    def _office(self, rows: list[Row]) -> str | None:
        """The official's own agency; of several, the one by which they see the report."""
        own = self._actor.agencies
        concerned = [row[place] for row in rows for place in _PLACES if row.get(place) in own]
        return next(iter(own)) if len(own) == 1 else next(iter(concerned), None)


async def feedback_desk(
    actor: Actor,
    reads: TheReads,
    feedback_viewer: TheFeedbackViewer,
    audit: TheAudit,
    fresh: TheFresh,
    operation: TheOperation,
    purpose: FeedbackPurpose = USUAL_PURPOSE,
) -> FeedbackDesk:
    """The desk of this request's official."""
    return FeedbackDesk(actor, reads, feedback_viewer, audit, fresh, operation, purpose)


TheFeedbackDesk = NamedDependency[FeedbackDesk]
