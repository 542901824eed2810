"""Whose dossier it is: the citizen behind a personal number, and their name, which goes to the vault."""

from backend.dossiers.documents import Dossier
from backend.dossiers.search import name_beginnings
from kernel.privacy.field import Plain
from kernel.privacy.subjects import Subjects
from kernel.privacy.vault import Vault
from kernel.text import clean


class People:
    """Finds citizens and knows the vault."""

    def __init__(self, subjects: Subjects, vault: Vault) -> None:
        self._subjects, self._vault = subjects, vault

    async def apply(self, dossier: Dossier, personal_number: str | None, name: str) -> None:
        """Note who applies, where the dossier does not know it yet. What is known stays, and what was erased stays so."""
        if dossier.erased_at is not None:
            return
        if dossier.applicant is None and personal_number:
            await self._hand_over(dossier, await self._subjects.of(personal_number))
        cleaned = clean(name)
        if dossier.applicant_name is None and cleaned:
            dossier.applicant_name = Plain(cleaned)
            dossier.name_tokens = [await self._vault.token(beginning) for beginning in name_beginnings(cleaned)]

    async def _hand_over(self, dossier: Dossier, subject: str) -> None:
        """What was sealed for a dossier without a citizen is sealed anew for the citizen, in the same commit."""
        dossier.applicant = subject
        fields = await self._vault.unsealed(dossier.model_dump(exclude={"id", "version"}))
        again = Dossier.model_validate(fields)
        dossier.applicant_name, dossier.timeline, dossier.result = again.applicant_name, again.timeline, again.result
        dossier.prolonged, dossier.supplements = again.prolonged, again.supplements
