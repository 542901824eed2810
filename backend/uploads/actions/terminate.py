"""An owner gives an upload up: it is gone at once, and so are its bytes (tus 1.0.0, termination)."""

from backend.uploads import states
from backend.uploads.actions.clear import clear
from backend.uploads.documents import Upload, own
from backend.uploads.errors import UploadAttached, UploadNotFound
from kernel.mongo.arriving import Segments
from kernel.mongo.files import Files
from kernel.principal import Principal


async def terminate(actor: Principal, upload_id: str, *, files: Files, segments: Segments) -> None:
    """Remove the upload. Whoever is writing to it or looking at it finds it gone.

    Raises:
        UploadNotFound.
        UploadAttached: it is part of something else now.
    """
    uploads = Upload.get_pymongo_collection()
    # First what points at the bytes, in one write: after that nobody can attach it any more.
    row = await uploads.find_one_and_update(
        {**own(actor, upload_id), "state": {"$ne": states.ATTACHED}},
        {"$set": {"state": states.EXPIRED}, "$unset": {"key": "", "tail": "", "writer": ""}},
    )
    if row is None:
        if await uploads.find_one(own(actor, upload_id), {"_id": 1}):
            raise UploadAttached
        raise UploadNotFound
    await clear(row, files=files, segments=segments)
