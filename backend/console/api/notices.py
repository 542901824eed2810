"""Why did she not get it: every notice about a case, and its way to each of the citizen's phones.

The API has no such route yet, so this page puts the look on record itself (`notice.traced`), before anything is shown (SEC-71).
"""

from typing import Any

import msgspec
from litestar import Controller, Response, get
from litestar.params import FromPath

from backend.console import queries
from backend.console.api.edge import AS_PAGES, PAGE
from backend.console.pages import page
from backend.console.visit import TheVisit, Visit
from backend.dossiers import queries as dossiers
from backend.feedback import queries as reports
from kernel.audit import AuditEntry
from kernel.http.access import everybody
from kernel.http.given import TheAudit
from kernel.mongo.reads import Row


class Notices(Controller):
    """No name, no address of a phone, no word of a notice: only whether, when and why not."""

    path = "/console"
    guards = (everybody,)
    include_in_schema = False
    opt = PAGE
    exception_handlers = AS_PAGES

    @get("/reports/{feedback_id:str}/notices", operation_id="showReportNotices", summary="Notices of a report")
    async def of_report(self, visit: TheVisit, audit: TheAudit, feedback_id: FromPath[str]) -> Response[str]:
        """Raises: FeedbackNotFound, AuditUnavailable."""
        row = await reports.concerned(visit.reads, visit.official, feedback_id)
        entry = AuditEntry(action="notice.traced", object=f"feedback:{feedback_id}", purpose="feedback_handling")
        return await _shown(visit, audit, entry, row.get("reporter"), f"/feedback/{feedback_id}", f"/console/reports/{feedback_id}")

    @get("/dossiers/{dossier_id:str}/notices", operation_id="showDossierNotices", summary="Notices of a dossier")
    async def of_dossier(self, visit: TheVisit, audit: TheAudit, dossier_id: FromPath[str]) -> Response[str]:
        """Raises: DossierNotFound, AuditUnavailable."""
        row = await dossiers.concerned(visit.reads, visit.official, dossier_id)
        entry = AuditEntry(action="notice.traced", object=f"dossier:{dossier_id}", purpose="dossier_handling")
        return await _shown(visit, audit, entry, row.get("applicant"), f"/dossiers/{dossier_id}", f"/console/dossiers/{dossier_id}")


async def _shown(visit: Visit, audit: Any, entry: AuditEntry, citizen: str | None, link: str, back: str) -> Response[str]:
    own = visit.official.agencies
    agency = next(iter(own)) if len(own) == 1 else None
    subjects = (citizen,) if citizen else ()
    await audit.record(visit.official, msgspec.structs.replace(entry, subjects=subjects, agency=agency))
    found = await queries.notices(visit.reads, citizen, link) if citizen else []
    return page(visit, "notices.html", notices=[_told(notice) for notice in found], back=back)


def _told(notice: Row) -> Row:
    """With the phone beside each delivery."""
    phones = {phone["_id"]: phone for phone in notice["phones"]}
    ways = [{**way, "phone": phones.get(way["installation"], {})} for way in notice["deliveries"]]
    return {**notice, "ways": ways}
