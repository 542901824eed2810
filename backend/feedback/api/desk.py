"""The desk at which officials see reports: nobody's report is shown before it is on record who saw it, and why (SEC-71)."""

from typing import Any

from litestar.di import NamedDependency
from litestar.response import Stream

from backend.feedback import queries
from backend.feedback.api.citizen import streamed
from backend.feedback.api.staff_views import queue_item, staff_whole
from backend.feedback.api.views import FeedbackViewer, TheFeedbackViewer
from backend.feedback.documents import Feedback, own_subject
from backend.feedback.errors import ReporterStaysAnonymous
from backend.feedback.schemas.staff import ReporterIdentity, StaffFeedbackPage, StaffFeedbackView
from kernel.audit import ATTEMPTED, Purpose
from kernel.http.desk import AccessPurpose, Desk
from kernel.http.given import Actor, TheAudit, TheFresh, TheOperation, TheReads
from kernel.http.paging import next_cursor
from kernel.mongo.files import Files

USUAL_PURPOSE: Purpose = "feedback_handling"

_IN_FULL = ("text", "place")
_WHO = ("reporter_name", "reporter_phone")


class FeedbackDesk(Desk):
    """One official's view of the reports of their agencies, in one request."""

    _viewer: FeedbackViewer
    citizen = "reporter"
    places = ("agency", "desk")

    async def page(self, wanted: dict[str, Any], *, limit: int, cursor: str | None) -> StaffFeedbackPage:
        """A page of a queue. It shows nobody's data, so it names nobody in the record either."""
        rows, following = await self._fresh.page(
            lambda shown: queries.queue(self._reads, wanted, limit=limit, cursor=cursor, shown=shown),
            self._viewer.page_marks,
            before=lambda _: self._note("feedback.listed", "feedback:page", []),
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
        await self._note(action, f"feedback:{feedback_id}", [row], result=ATTEMPTED)

    async def unmask(self, feedback_id: str, purpose: Purpose) -> ReporterIdentity:
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


async def feedback_desk(
    actor: Actor,
    reads: TheReads,
    feedback_viewer: TheFeedbackViewer,
    audit: TheAudit,
    fresh: TheFresh,
    operation: TheOperation,
    purpose: AccessPurpose = USUAL_PURPOSE,
) -> FeedbackDesk:
    """The desk of this request's official."""
    return FeedbackDesk(actor, reads, feedback_viewer, audit, fresh, operation, purpose)


TheFeedbackDesk = NamedDependency[FeedbackDesk]
