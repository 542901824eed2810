"""A citizen no longer wants exact places of theirs to be kept: the street stays, the house goes."""

from datetime import datetime

from backend.feedback import places
from backend.feedback.actions.steps import concerned
from backend.feedback.documents import Feedback
from backend.feedback.events import FeedbackChanged
from kernel.errors import StaleVersion
from kernel.privacy.errors import SubjectErased
from kernel.privacy.field import Plain, Sealed
from kernel.privacy.vault import Vault

TRIES = 8


async def coarsen_places(subject: str, vault: Vault, now: datetime) -> int:
    """Make the place of each of the citizen's reports as coarse as the public may see it; answers how many it touched.

    Raises:
        StaleVersion: one of them changed again and again meanwhile.
    """
    with_place = {"reporter": {"$eq": subject}, "place": {"$exists": True}}
    ids = [row["_id"] async for row in Feedback.get_pymongo_collection().find(with_place, {"_id": 1})]
    return sum([await _coarsen(feedback_id, vault, now) for feedback_id in ids])


async def _coarsen(feedback_id: str, vault: Vault, now: datetime) -> bool:
    for _ in range(TRIES):
        report = await Feedback.get(feedback_id)
        if report is None or not isinstance(report.place, Sealed):
            return False
        told = await vault.open_one(report.place)
        if not isinstance(told, str) or (exact := places.read(told)) == exact.coarse():
            return False
        report.place, report.updated_at = Plain(exact.coarse().written()), now
        try:
            await report.commit(FeedbackChanged(at=now, **concerned(report)))
        except (StaleVersion, SubjectErased):
            continue
        return True
    raise StaleVersion(id=feedback_id)
