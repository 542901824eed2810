"""What a citizen's phone can do with its dossiers."""

from litestar import Controller, get, post, put
from litestar.params import FromPath, JSONBody
from litestar.response import Stream

from backend.dossiers import queries
from backend.dossiers.actions.rate import rate
from backend.dossiers.actions.supplements import supply
from backend.dossiers.actions.transition import transition
from backend.dossiers.api.views import TheViewer
from backend.dossiers.schemas.dossiers import AskWithdrawal, DossierPage, DossierView, RateDossier, SupplyPapers
from kernel.http.access import DOSSIERS, citizens, citizens_or_helpers
from kernel.http.downloads import download
from kernel.http.given import Actor, IfMatch, TheClock, TheFiles, TheFresh, TheOperation, TheReads, TheVault
from kernel.http.idempotency import IDEMPOTENT, KEY_REQUIRED
from kernel.http.limits import limited
from kernel.http.paging import Cursor, Limit, next_cursor
from kernel.mongo.files import Files
from kernel.mongo.reads import Row


class CitizenDossiers(Controller):
    """A citizen reads their own dossiers."""

    path = "/v1/dossiers"
    tags = ["Dossiers"]
    guards = [citizens_or_helpers(DOSSIERS)]

    @get("/", operation_id="listDossiers", summary="My dossiers")
    async def list_dossiers(
        self, actor: Actor, reads: TheReads, viewer: TheViewer, fresh: TheFresh, limit: Limit = 20, cursor: Cursor = None
    ) -> DossierPage:
        """My dossiers, the latest change first."""
        rows, following = await fresh.page(
            lambda shown: queries.page_of_dossiers(reads, actor, limit=limit, cursor=cursor, shown=shown), viewer.marks
        )
        return DossierPage(items=[viewer.summary(row) for row in rows], next_cursor=next_cursor(following))

    @get("/{dossier_id:str}", operation_id="getDossier", summary="One dossier")
    async def get_dossier(
        self, actor: Actor, reads: TheReads, viewer: TheViewer, fresh: TheFresh, dossier_id: FromPath[str]
    ) -> DossierView:
        """A dossier of mine with its timeline, due date, agencies, and what I can do now."""
        return viewer.whole(await fresh.row(lambda shown: queries.one_dossier(reads, actor, dossier_id, shown), viewer.marks))

    @get(
        "/{dossier_id:str}/result", operation_id="downloadResult", summary="The result file", media_type="application/octet-stream"
    )
    async def download_result(self, actor: Actor, reads: TheReads, files: TheFiles, dossier_id: FromPath[str]) -> Stream:
        """The result of my dossier, byte for byte as it was published."""
        return await streamed((await queries.result_row(reads, actor, dossier_id))["result"], files)

    @post(
        "/{dossier_id:str}/supplements/{number:str}",
        operation_id="supplyPapers",
        summary="Supply what is missing",
        status_code=200,
        guards=[citizens],
        opt={**KEY_REQUIRED, **limited("message")},
    )
    async def supply(
        self,
        data: JSONBody[SupplyPapers],
        actor: Actor,
        reads: TheReads,
        viewer: TheViewer,
        vault: TheVault,
        clock: TheClock,
        operation: TheOperation,
        if_match: IfMatch,
        dossier_id: FromPath[str],
        number: FromPath[str],
    ) -> DossierView:
        """Uploads for the items of a request for papers; once nothing is missing the clock runs again."""
        wanted = int(number) if number.isascii() and number.isdigit() else 0
        uploads = {item.number: item.uploads for item in data.items}
        await supply(actor, dossier_id, wanted, uploads, now=clock.now(), vault=vault, step_id=operation.id, if_match=if_match)
        return viewer.whole(await queries.one_dossier(reads, actor, dossier_id))

    @post(
        "/{dossier_id:str}/withdrawal",
        operation_id="askWithdrawal",
        summary="Ask to withdraw",
        status_code=200,
        guards=[citizens],
        opt=IDEMPOTENT,
    )
    async def withdraw(
        self,
        data: JSONBody[AskWithdrawal],
        actor: Actor,
        reads: TheReads,
        viewer: TheViewer,
        clock: TheClock,
        operation: TheOperation,
        if_match: IfMatch,
        dossier_id: FromPath[str],
    ) -> DossierView:
        """Ask for my dossier back, and say why; the office grants it, or says why not."""
        await transition(
            actor,
            dossier_id,
            "request_withdrawal",
            reason=data.reason,
            now=clock.now(),
            step_id=operation.id,
            if_match=if_match,
        )
        return viewer.whole(await queries.one_dossier(reads, actor, dossier_id))

    @put(
        "/{dossier_id:str}/rating",
        operation_id="rateDossier",
        summary="Rate how it went",
        guards=[citizens],
        opt=limited("message"),
    )
    async def rate(
        self,
        data: JSONBody[RateDossier],
        actor: Actor,
        reads: TheReads,
        viewer: TheViewer,
        clock: TheClock,
        if_match: IfMatch,
        dossier_id: FromPath[str],
    ) -> DossierView:
        """One to five stars once the dossier has ended, with reasons and words if wanted; for seven days it can be changed."""
        stars, reasons, text = data.stars, data.reasons, data.text
        await rate(actor, dossier_id, stars=stars, reasons=reasons, text=text, now=clock.now(), if_match=if_match)
        return viewer.whole(await queries.one_dossier(reads, actor, dossier_id))


async def streamed(file: Row, files: Files) -> Stream:
    """A stored file as a row tells of it."""
    chunks = await files.read(file)
    return download(chunks, name=str(file["name"]), size=file["size"], sha256=file["sha256"])
