"""Why personal data are processed, and on which legal basis. A change of a single word is a new version of the text (SEC-76)."""

import hashlib
from importlib.resources import files
from typing import Literal

import msgspec

from backend.privacy.errors import ConsentNotAsked, PurposeNotFound


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
