"""A citizen says how it went with their dossier, and may think better of it for a week."""

from collections.abc import Sequence
from datetime import datetime

from backend.dossiers.actions.find import find
from backend.dossiers.documents import Dossier, DossierRating
from backend.dossiers.errors import DossierNotOver, RatingClosed
from backend.dossiers.rating import RATABLE, editable_until
from kernel.http.preconditions import ANY_VERSION, Precondition
from kernel.principal import Principal
from kernel.privacy.field import Plain
from kernel.text import clean


async def rate(
    actor: Principal,
    dossier_id: str,
    *,
    stars: int,
    reasons: Sequence[str],
    text: str,
    now: datetime,
    if_match: Precondition = ANY_VERSION,
) -> Dossier:
    """Keep the rating; another one takes its place.

    Raises:
        DossierNotFound, DossierNotOver, RatingClosed, PreconditionFailed.
        StaleVersion: somebody else was faster.
    """
    dossier = await find(actor, dossier_id)
    with if_match.on(dossier.version):
        if dossier.status not in RATABLE:
            raise DossierNotOver
        before = dossier.rating
        if before and now > editable_until(before.at):
            raise RatingClosed
        words = clean(text)
        dossier.rating = DossierRating(
            at=before.at if before else now,
            changed_at=now if before else None,
            stars=stars,
            reasons=list(dict.fromkeys(reasons)),
            text=Plain(words) if words else None,
        )
        return await dossier.commit()
