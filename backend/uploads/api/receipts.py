"""What a person can ask about their uploads, and load."""

from typing import Annotated, Literal

from litestar import get
from litestar.params import FromPath, QueryParameter
from litestar.response import Stream

from backend.uploads import queries
from backend.uploads.actions.read import read, read_as_pdf
from backend.uploads.api import views
from backend.uploads.api.desk import TheUploadDesk
from backend.uploads.api.tus import TusUploads
from backend.uploads.schemas import UploadView
from kernel.http.access import signed_in_or_helpers
from kernel.http.downloads import download
from kernel.http.given import Actor, Language, TheClock, TheFresh, TheVault

As = Annotated[Literal["pdf"] | None, QueryParameter(name="as", description="`pdf`: a picture on a sheet of A4.")]


class Uploads(TusUploads):
    """Files come in, and their owners ask about them: one address, and so one controller."""

    @get("/{upload_id:str}", operation_id="getUpload", summary="The receipt of an upload", guards=[signed_in_or_helpers])
    async def receipt(
        self,
        actor: Actor,
        language: Language,
        clock: TheClock,
        vault: TheVault,
        upload_desk: TheUploadDesk,
        fresh: TheFresh,
        upload_id: FromPath[str],
    ) -> UploadView:
        """What has arrived, its size and SHA-256 as it was sent, how the check stands, and what is kept of it."""
        sealed = await fresh.row(lambda shown: queries.upload_of(actor, upload_id, clock.now(), shown), queries.MARKS)
        (row,) = await vault.open([sealed])
        return views.upload(row, language, upload_desk.address(upload_id))

    @get(
        "/{upload_id:str}/content",
        operation_id="downloadUpload",
        summary="Load a file back",
        guards=[signed_in_or_helpers],
        media_type="application/octet-stream",
    )
    async def content(
        self, actor: Actor, clock: TheClock, upload_desk: TheUploadDesk, upload_id: FromPath[str], as_: As = None
    ) -> Stream:
        """What is kept of the file, once it has been checked; a picture as a sheet of paper with `as=pdf`."""
        row = await queries.upload_of(actor, upload_id, clock.now())
        taken = await (read_as_pdf if as_ == "pdf" else read)(row, upload_desk.checking)
        return download(taken.content, name=taken.name, size=taken.size, sha256=taken.sha256)
