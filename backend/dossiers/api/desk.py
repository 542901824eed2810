"""The desk at which officials see dossiers: nobody's data are shown before it is on record who saw them, and why (SEC-71)."""

from litestar.di import NamedDependency
from litestar.response import Stream

from backend.agencies.queries import wants_pdf
from backend.dossiers import queries
from backend.dossiers.api.citizen import streamed
from backend.dossiers.api.views import TheViewer, Viewer
from backend.dossiers.documents import Dossier, own_subject
from backend.dossiers.schemas.dossiers import StaffDossierPage, StaffDossierView
from backend.uploads.actions.read import Taken, on_paper
from backend.uploads.inspector import Inspector
from kernel.audit import ATTEMPTED, Purpose
from kernel.http.conditional import Marks
from kernel.http.desk import AccessPurpose, Desk
from kernel.http.downloads import download
from kernel.http.given import Actor, TheAudit, TheFresh, TheOperation, TheReads
from kernel.http.paging import next_cursor
from kernel.mongo.files import Files
from kernel.mongo.reads import Fields, Row

# What an official looks at a dossier for, when nothing else is said: to deal with it.
USUAL_PURPOSE: Purpose = "dossier_handling"

_IN_A_LIST = ("applicant_name",)
_IN_FULL = ("applicant_name", "text")


class DossierDesk(Desk):
    """One official's view of the dossiers of their agencies, in one request."""

    _viewer: Viewer
    citizen = "applicant"
    places = ("deciding_agency", "receiving_agency")

    async def page(self, *, limit: int, cursor: str | None, status: str | None, q: str | None) -> StaffDossierPage:
        """A page of dossiers; one record names every citizen on it, also when the official has seen the same page before."""

        async def note(page: tuple[list[Row], str | None]) -> None:
            await self._note("dossier.searched" if q else "dossier.listed", "dossiers:page", page[0], _IN_A_LIST)

        rows, following = await self._fresh.page(
            lambda shown: queries.page_of_dossiers(
                self._reads, self._actor, limit=limit, cursor=cursor, status=status, q=q, shown=shown
            ),
            self._viewer.marks,
            before=note,
        )
        return StaffDossierPage(items=[self._viewer.staff_summary(row) for row in rows], next_cursor=next_cursor(following))

    async def show(self, dossier_id: str, *, after: str = "dossier.viewed", changed: Dossier | None = None) -> StaffDossierView:
        """One dossier; `after` is the act that led here, `changed` the dossier it was done to.

        Raises:
            DossierNotFound, AuditUnavailable.
        """
        row = await self._fresh.row(
            lambda shown: queries.one_dossier(self._reads, self._actor, dossier_id, shown),
            self._viewer.marks,
            before=lambda row: self._note(after, f"dossier:{dossier_id}", [row], _IN_FULL, changed=changed),
        )
        self._operation.concerns(row.get("applicant") or own_subject(dossier_id))
        return self._viewer.staff_whole(row)

    async def look(self, dossier_id: str, action: str, shown: Fields, marks: Marks, fields: tuple[str, ...] = ()) -> Row:
        """What of a dossier is `shown`, once it is on record that it was looked at.

        Raises:
            DossierNotFound, AuditUnavailable.
        """
        return await self._fresh.row(
            lambda marked: queries.one_dossier(self._reads, self._actor, dossier_id, marked or shown),
            marks,
            before=lambda row: self._note(action, f"dossier:{dossier_id}", [row], fields),
        )

    async def about_to(self, action: str, dossier_id: str | None = None) -> None:
        """Put on record what is about to be done: what cannot be recorded does not happen. `show` records that it did.

        Raises:
            DossierNotFound, AuditUnavailable.
        """
        rows = [await queries.concerned(self._reads, self._actor, dossier_id)] if dossier_id else []
        await self._note(action, f"dossier:{dossier_id or 'new'}", rows, result=ATTEMPTED)

    async def result(self, files: Files, dossier_id: str) -> Stream:
        """The result file.

        Raises:
            DossierNotFound, ResultNotReady, AuditUnavailable.
        """
        row = await queries.result_row(self._reads, self._actor, dossier_id)
        await self._note("dossier.result_downloaded", f"dossier:{dossier_id}", [row], ("result",))
        return await streamed(row["result"], files)

    async def printed(self, dossier_id: str) -> Row:
        """What an official paper is made from.

        Raises:
            DossierNotFound, AuditUnavailable.
        """
        row = await queries.one_dossier(self._reads, self._actor, dossier_id, queries.PAPERS)
        await self._note("dossier.paper_printed", f"dossier:{dossier_id}", [row], _IN_FULL)
        return row

    async def supplied(self, files: Files, inspector: Inspector, dossier_id: str, file_id: str) -> Stream:
        """A file the citizen supplied, in the form the deciding agency wants.

        Raises:
            DossierNotFound, SupplementNotFound, AuditUnavailable, PaperUnavailable.
        """
        row, file = await queries.supplied_file(self._reads, self._actor, dossier_id, file_id)
        await self._note("dossier.paper_downloaded", f"dossier:{dossier_id}", [row], ("text",))
        taken = Taken(file["name"], file["size"], file["sha256"], await files.read(file))
        if await wants_pdf(row["deciding_agency"]):
            taken = await on_paper(taken, file["media_type"], inspector)
        return download(taken.content, name=taken.name, size=taken.size, sha256=taken.sha256)


async def desk(
    actor: Actor,
    reads: TheReads,
    viewer: TheViewer,
    audit: TheAudit,
    fresh: TheFresh,
    operation: TheOperation,
    purpose: AccessPurpose = USUAL_PURPOSE,
) -> DossierDesk:
    """The desk of this request's official."""
    return DossierDesk(actor, reads, viewer, audit, fresh, operation, purpose)


TheDesk = NamedDependency[DossierDesk]
