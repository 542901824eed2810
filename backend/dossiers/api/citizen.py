"""What a citizen's phone can do with its dossiers."""

from litestar import Controller, get
from litestar.params import FromPath
from litestar.response import Stream

from backend.dossiers import queries
from backend.dossiers.api.views import TheViewer
from backend.dossiers.schemas.dossiers import DossierPage, DossierView
from kernel.http.access import citizens
from kernel.http.downloads import download
from kernel.http.given import Actor, TheFiles, TheFresh, TheReads
from kernel.http.paging import Cursor, Limit, next_cursor
from kernel.mongo.files import Files
from kernel.mongo.reads import Row


class CitizenDossiers(Controller):
    """A citizen reads their own dossiers."""

    path = "/v1/dossiers"
    tags = ["Dossiers"]
    guards = [citizens]

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
        return await streamed(await queries.result_row(reads, actor, dossier_id), files)


async def streamed(row: Row, files: Files) -> Stream:
    """The file of a row of `queries.result_row`."""
    file = row["result"]
    chunks = await files.read(file)
    return download(chunks, name=str(file["name"]), size=file["size"], sha256=file["sha256"])
