"""Why personal data are processed, and on which legal basis. A change of a single word is a new version of the text (SEC-76)."""

import hashlib
from collections.abc import Mapping
from importlib.resources import files
from typing import Literal

import msgspec

from backend.privacy.errors import ConsentNotAsked, PurposeNotFound
from kernel.audit import Purpose as LookedFor


class Wording(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the citizen reads, in one language."""

    title: str
    text: str


class Purpose(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One purpose. `basis` is `consent`, or `state_duty`, which needs none (Law 91/2025/QH15, article 19)."""

    key: str
    basis: Literal["consent", "state_duty"]
    article: str
    vi: Wording
    en: Wording

    @property
    def text_version(self) -> str:
        """Hash of everything the citizen reads before deciding."""
        return hashlib.sha256(msgspec.json.encode(self)).hexdigest()[:16]

    def wording(self, language: str) -> Wording:
        """The text in the reader's language."""
        return self.vi if language == "vi" else self.en


_ROWS = msgspec.json.decode((files("backend.privacy") / "data" / "purposes.json").read_bytes(), type=list[Purpose])
PURPOSES = {purpose.key: purpose for purpose in _ROWS}
# Every text anybody has ever said yes or no to, by its version: nothing is taken from this file, a new text is added to it.
SAID = {
    purpose.text_version: purpose
    for purpose in msgspec.json.decode((files("backend.privacy") / "data" / "purposes_said.json").read_bytes(), type=list[Purpose])
}
# On which of them an official's look rests, by the purpose that stands in the audit.
RESTS_ON: Mapping[LookedFor, str] = {
    "dossier_handling": "dossier_handling",
    "feedback_handling": "feedback_handling",
    # A question about a dossier or a report is part of handling it (Decree 118/2025: citizens are answered).
    "citizen_service": "dossier_handling",
    "own_request": "your_rights",
    "security": "security",
    "oversight": "oversight",
    "statistics": "statistics",
    "legal_duty": "your_rights",
}


def consentable(key: str) -> Purpose:
    """The purpose, if it is one that consent decides.

    Raises:
        PurposeNotFound, ConsentNotAsked.
    """
    purpose = PURPOSES.get(key)
    if purpose is None:
        raise PurposeNotFound
    if purpose.basis != "consent":
        raise ConsentNotAsked
    return purpose
