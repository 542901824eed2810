"""The owner loads an upload back: only what has been checked, and only what is kept (SEC-60, SEC-61)."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from backend.uploads import states
from backend.uploads.actions.check import Checking
from backend.uploads.errors import NoPaper, UploadNotReady

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
    """A picture as a PDF of one sheet, for an office that takes nothing else; a PDF as it is.

    Raises:
        NoPaper: it is neither.
        InspectorFailed: the sheet could not be made.
    """
    taken = await read(row, checking)
    media_type = row["file"]["media_type"]
    if media_type == "application/pdf":
        return taken
    if not media_type.startswith("image/"):
        raise NoPaper
    picture = b"".join([part async for part in taken.content])
    paper = await checking.inspector.paper([picture])
    return Taken(f"{taken.name.rpartition('.')[0]}.pdf", len(paper), hashlib.sha256(paper).hexdigest(), _once(paper))


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content
