"""A file goes out: only what has been checked, and only what is kept (SEC-60, SEC-61); a picture as a sheet where wanted."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from backend.uploads import states
from backend.uploads.actions.check import Checking
from backend.uploads.errors import NoPaper, PaperUnavailable, UploadNotReady
from backend.uploads.inspector import Inspector, InspectorFailed

LOADABLE = (states.READY, states.ATTACHED)


@dataclass(frozen=True)
class Taken:
    """A file on its way out."""

    name: str
    size: int
    sha256: str
    content: AsyncIterator[bytes]


async def read(row: dict[str, Any], checking: Checking) -> Taken:
    """What is kept of an upload, whose row is still sealed.

    Raises:
        UploadNotReady: it has not been checked, or was refused.
        FileErased, FileDamaged, VaultUnavailable.
    """
    if row["state"] not in LOADABLE:
        raise UploadNotReady
    (file,) = await checking.vault.open([row["file"]])
    content = await checking.files.read(file)
    return Taken(file["name"], file["size"], file["sha256"], content)


async def read_as_pdf(row: dict[str, Any], checking: Checking) -> Taken:
    """A picture of the owner's as a PDF of one sheet; a PDF as it is.

    Raises:
        NoPaper: it is neither.
        PaperUnavailable.
    """
    media_type = row["file"]["media_type"]
    if not media_type.startswith(("image/", "application/pdf")):
        raise NoPaper
    return await on_paper(await read(row, checking), media_type, checking.inspector)


async def on_paper(taken: Taken, media_type: str, inspector: Inspector) -> Taken:
    """A picture as a PDF of one sheet of A4; anything else as it is.

    Raises:
        PaperUnavailable: the sheet could not be made now.
    """
    if not media_type.startswith("image/"):
        return taken
    picture = b"".join([part async for part in taken.content])
    try:
        paper = await inspector.paper([picture])
    except InspectorFailed as failed:
        raise PaperUnavailable from failed
    return Taken(f"{taken.name.rpartition('.')[0]}.pdf", len(paper), hashlib.sha256(paper).hexdigest(), _once(paper))


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content
