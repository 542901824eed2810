"""What the slices above call when the citizen a document was about is erased: who uploaded a part of it keeps no way to it."""

from collections.abc import Collection

from backend.uploads import states
from backend.uploads.documents import Upload


async def forget_receipts(upload_ids: Collection[str]) -> int:
    """Delete the receipts of these attached uploads, whoever's they are; answers how many there were. Repeatable.

    The file itself stays where it is attached, under the key of that document's citizen, and goes with it.
    """
    wanted = {"_id": {"$in": list(upload_ids)}, "state": {"$eq": states.ATTACHED}}
    return (await Upload.get_pymongo_collection().delete_many(wanted)).deleted_count
