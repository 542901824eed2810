"""Load a dossier for a change: within what the actor may see, or not at all."""

from backend.dossiers.documents import Dossier, visible_to
from backend.dossiers.errors import DossierNotFound
from kernel.principal import Principal


async def find(actor: Principal, dossier_id: str) -> Dossier:
    """The dossier.

    Raises:
        DossierNotFound: there is none, or it is not this actor's to see; the two cannot be told apart.
    """
    dossier = await Dossier.find_one({"_id": {"$eq": dossier_id}, **visible_to(actor)})
    if dossier is None:
        raise DossierNotFound
    dossier.remember()
    return dossier
