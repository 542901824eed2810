"""What dossiers bring to the app."""

from litestar.di import NamedDependency, Provide

from backend.agencies.queries import AgencyNames
from backend.dossiers.api.citizen import CitizenDossiers
from backend.dossiers.api.integration import DossierFeed
from backend.dossiers.api.staff import StaffDossiers
from backend.dossiers.api.views import Viewer
from backend.dossiers.documents import Dossier
from backend.dossiers.reactions import tell_the_citizen
from kernel.http.given import Actor, Language, TheClock
from kernel.slice import Slice


async def viewer(actor: Actor, language: Language, agencies: NamedDependency[AgencyNames], clock: TheClock) -> Viewer:
    """Shows dossiers to this request's reader."""
    return Viewer(actor, language, await agencies.load(), clock.now())


SLICE = Slice(
    name="dossiers",
    routes=[CitizenDossiers, StaffDossiers, DossierFeed],
    documents=[Dossier],
    reactions=[tell_the_citizen],
    dependencies={"viewer": Provide(viewer)},
)
