"""What dossiers bring to the app."""

from collections.abc import Sequence

from litestar.di import NamedDependency, Provide

from backend.agencies.queries import AgencyNames
from backend.dossiers.actions.applicant import People
from backend.dossiers.api.citizen import CitizenDossiers
from backend.dossiers.api.deadline import CitizenDeadlines, StaffDeadlines, deadlines
from backend.dossiers.api.desk import desk
from backend.dossiers.api.integration import DossierFeed
from backend.dossiers.api.papers import CitizenPapers, Printer, PublicLookUp, StaffPapers
from backend.dossiers.api.reminders import StaffReminders
from backend.dossiers.api.staff import StaffDossiers
from backend.dossiers.api.views import Viewer
from backend.dossiers.documents import Dossier, Reminder, Watch
from backend.dossiers.lookup import Secrets, Slips
from backend.dossiers.personal_data import PERSONAL_DATA
from backend.dossiers.queries import dossiers_among
from backend.dossiers.reactions import apologise, look_at_it, tell_the_citizen
from backend.dossiers.schemas.dossiers import DossierCopy
from kernel.http.given import Actor, Language, TheClock, TheFresh, TheSubjects, TheVault
from kernel.slice import Asked, Slice, Synced


async def viewer(
    actor: Actor, language: Language, agencies: NamedDependency[AgencyNames], clock: TheClock, fresh: TheFresh
) -> Viewer:
    """Shows dossiers to this request's reader."""
    fresh.depends_on((await agencies.load()).version)
    return Viewer(actor, language, agencies, clock.now())


async def people(subjects: TheSubjects, vault: TheVault) -> People:
    """Knows citizens and the vault."""
    return People(subjects, vault)


async def copies(asked: Asked, ids: Sequence[str], agencies: AgencyNames) -> dict[str, DossierCopy]:
    """What phones keep of these dossiers."""
    shown = Viewer(asked.actor, asked.language, await agencies.load(), asked.now)
    return {row["_id"]: shown.copy(row) for row in await dossiers_among(asked.reads, asked.actor, ids)}


CITIZEN = [CitizenDossiers, CitizenDeadlines, CitizenPapers]
STAFF = [StaffDossiers, StaffDeadlines, StaffReminders, StaffPapers]


def build_slice(slips: Slips, key_secret: str) -> Slice:
    """Dossiers; `slips` signs the code on a reception slip, look-up secrets are derived from `key_secret`."""
    printer = Printer(slips, Secrets(key_secret.encode()))
    return Slice(
        name="dossiers",
        routes=[*CITIZEN, *STAFF, PublicLookUp, DossierFeed],
        documents=[Dossier, Watch, Reminder],
        reactions=[tell_the_citizen, look_at_it, apologise],
        personal_data=[PERSONAL_DATA],
        synced=[Synced("dossier", Dossier, by="applicant", view=DossierCopy, copies=copies)],
        dependencies={
            "viewer": Provide(viewer),
            "people": Provide(people),
            "desk": Provide(desk),
            "deadlines": Provide(deadlines),
            "printer": Provide(lambda: printer, use_cache=True, sync_to_thread=False),
        },
    )
