"""From "it was so" to "it is so" as events: only a change of the present state is news.

A late entry that lies before the present one changes the timeline and nothing else, so nobody is told of it (I26).
"""

from backend.dossiers import states
from backend.dossiers.documents import Dossier
from backend.dossiers.events import ResultPublished, StatusChanged
from kernel.events import Event


def news(before: str | None, dossier: Dossier) -> list[Event]:
    """The events of a dossier whose state was `before` when it was loaded (None: it is new)."""
    if dossier.status == before:
        return []
    changed = StatusChanged(
        at=dossier.status_at, dossier_id=dossier.id, applicant=dossier.applicant, before=before, after=dossier.status
    )
    if dossier.status != states.FINISHED:
        return [changed]
    return [changed, ResultPublished(at=dossier.status_at, dossier_id=dossier.id, applicant=dossier.applicant)]
