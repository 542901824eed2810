"""Official papers as PDF, made when they are asked for, and the look-up by what is printed on them."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from typing import Any

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, SkipValidation
from litestar.response import Stream
from msgspec import UNSET

from backend.dossiers import forms, lookup, papers, queries
from backend.dossiers.api.desk import TheDesk
from backend.dossiers.api.views import Row, TheViewer, Viewer, is_overdue, status_view
from backend.dossiers.errors import PaperNotFound
from backend.dossiers.schemas.papers import LookedUp, LookUpDossier, Papers, PaperView
from backend.paper.typeset import typeset
from kernel.http.access import DOSSIERS, citizens_or_helpers, everybody, staff
from kernel.http.downloads import download
from kernel.http.given import Actor, Language, TheClock, TheFresh, TheReads
from kernel.http.limits import limited

MADE = "application/octet-stream"


class Printer:
    """Makes papers: who signs the code on a slip, and who knows the secrets."""

    def __init__(self, slips: lookup.Slips, secrets: lookup.Secrets) -> None:
        self.slips, self.secrets = slips, secrets

    async def paper(self, row: Row, number: str, viewer: Viewer) -> Stream:
        """The paper of that number as a download.

        Raises:
            PaperNotFound.
        """
        paper = next((one for one in papers.papers_of(row) if one.number == number), None)
        if paper is None:
            raise PaperNotFound
        facts = papers.Facts(
            row=row,
            applicant=viewer.word(row.get("applicant_name", "")),
            agency=lambda code: viewer.agency(code).name,
            word=viewer.word,
            qr=lambda: self._code_on(row),
        )
        pdf = await asyncio.to_thread(typeset, papers.letter(paper, facts))
        name, digest = f"{row['code']}-mau-{number}.pdf", hashlib.sha256(pdf).hexdigest()
        return download(_whole(pdf), name=name, size=len(pdf), sha256=digest)

    def _code_on(self, row: Row) -> str:
        """What the code on the slip says: which dossier, since when, until when, and what looks it up. No name."""
        issued = row["accepted_at"]
        claims: dict[str, Any] = {"sub": row["code"], "iat": int(issued.timestamp()), "sec": self.secrets.of(row["_id"])}
        claims["exp"] = int((issued + lookup.VALID_FOR).timestamp())
        if "due_at" in row:
            claims["due"] = int(row["due_at"].timestamp())
        return self.slips.sign(claims)


ThePrinter = NamedDependency[SkipValidation[Printer]]


async def _whole(pdf: bytes) -> AsyncIterator[bytes]:
    yield pdf


def _list(row: Row, path: str) -> Papers:
    return Papers(
        items=[
            PaperView(
                number=paper.number,
                form=paper.form,
                title=paper.title,
                basis=forms.FORMS[paper.form].basis,
                issued_at=paper.issued_at,
                href=f"{path}/{row['_id']}/documents/{paper.number}",
            )
            for paper in papers.papers_of(row)
        ]
    )


class CitizenPapers(Controller):
    """A citizen reads and keeps the papers of their dossier."""

    path = "/v1/dossiers/{dossier_id:str}/documents"
    tags = ["Dossiers"]
    guards = [citizens_or_helpers(DOSSIERS)]

    @get("/", operation_id="listDocuments", summary="The official papers of my dossier")
    async def list_papers(
        self, actor: Actor, reads: TheReads, fresh: TheFresh, viewer: TheViewer, dossier_id: FromPath[str]
    ) -> Papers:
        """Reception slip, requests for papers, refusal, apologies, stop notice and control sheet: whatever there is so far."""
        row = await fresh.row(lambda shown: queries.one_dossier(reads, actor, dossier_id, shown or queries.PAPERS), viewer.marks)
        return _list(row, "/v1/dossiers")

    @get("/{number:str}", operation_id="downloadDocument", summary="An official paper as PDF", media_type=MADE)
    async def download_paper(
        self,
        actor: Actor,
        reads: TheReads,
        viewer: TheViewer,
        printer: ThePrinter,
        dossier_id: FromPath[str],
        number: FromPath[str],
    ) -> Stream:
        """The paper as PDF/A, made from what the dossier says now. The slip carries a signed code and the look-up secret."""
        return await printer.paper(await queries.one_dossier(reads, actor, dossier_id, queries.PAPERS), number, viewer)


class StaffPapers(Controller):
    """Staff print the same papers."""

    path = "/v1/staff/dossiers/{dossier_id:str}/documents"
    tags = ["Staff dossiers"]
    guards = [staff()]

    @get("/", operation_id="listStaffDocuments", summary="The official papers of a dossier")
    async def list_papers(self, desk: TheDesk, viewer: TheViewer, dossier_id: FromPath[str]) -> Papers:
        """Every paper of a dossier of my agencies."""
        row = await desk.look(dossier_id, "dossier.viewed", queries.PAPERS, viewer.marks, ("applicant_name", "text"))
        return _list(row, "/v1/staff/dossiers")

    @get("/{number:str}", operation_id="downloadStaffDocument", summary="An official paper as PDF, for staff", media_type=MADE)
    async def download_paper(
        self, desk: TheDesk, viewer: TheViewer, printer: ThePrinter, dossier_id: FromPath[str], number: FromPath[str]
    ) -> Stream:
        """The paper as its citizen gets it."""
        row = await desk.printed(dossier_id)
        return await printer.paper(row, number, viewer)


class PublicLookUp(Controller):
    """Whoever holds a slip sees how its dossier stands."""

    path = "/v1/dossiers/lookup"
    tags = ["Dossiers"]
    guards = [everybody]
    opt = limited("lookup")

    @post("/", operation_id="lookUpDossier", summary="How a dossier stands, by its slip", status_code=200)
    async def look_up(
        self, data: JSONBody[LookUpDossier], reads: TheReads, clock: TheClock, language: Language, printer: ThePrinter
    ) -> LookedUp:
        """By the code on the slip, or by code and secret. A wrong secret, an unknown code and a slip that ended: one answer."""
        now = clock.now()
        code, secret = data.code or "", data.secret or ""
        if data.token:
            claims = printer.slips.read(data.token) or {}
            in_time = float(claims.get("exp", 0)) > now.timestamp()
            code, secret = (str(claims["sub"]), str(claims["sec"])) if in_time and {"sub", "sec"} <= claims.keys() else ("", "")
        row = await queries.looked_up(reads, code, secret, printer.secrets, now)
        return LookedUp(
            code=row["code"],
            status=status_view(row["status"], vietnamese=language != "en"),
            status_at=row["status_at"],
            overdue=is_overdue(row, now),
            due_at=row.get("due_at", UNSET),
        )
