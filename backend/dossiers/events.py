"""What has happened to a dossier. Ids and names of states only: no personal word leaves with an event."""

from kernel.events import Event


class StatusChanged(Event, frozen=True, kw_only=True, tag="dossier.status_changed"):
    """A dossier's present state is another than before. `applicant` is the citizen's key."""

    dossier_id: str
    applicant: str | None
    before: str | None
    after: str


class ResultPublished(Event, frozen=True, kw_only=True, tag="dossier.result_published"):
    """The result of a dossier is ready for its citizen."""

    dossier_id: str
    applicant: str | None


class Prolonged(Event, frozen=True, kw_only=True, tag="dossier.prolonged"):
    """A new date holds for a dossier; `late` says whether the old one had passed."""

    dossier_id: str
    applicant: str | None
    late: bool
