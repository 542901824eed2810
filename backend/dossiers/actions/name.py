"""Writing an applicant's name onto a dossier, and the tokens by which it is found."""

from backend.dossiers.documents import Dossier
from backend.dossiers.search import name_beginnings
from kernel.privacy.field import Plain
from kernel.privacy.vault import Vault
from kernel.text import clean


async def take_name(dossier: Dossier, name: str, vault: Vault) -> None:
    """Take the name where the dossier has none yet; an empty one is none."""
    cleaned = clean(name)
    if dossier.applicant_name is not None or not cleaned:
        return
    dossier.applicant_name = Plain(cleaned)
    dossier.name_tokens = [await vault.token(beginning) for beginning in name_beginnings(cleaned)]
