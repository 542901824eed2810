"""Codes that confirm a contact: six digits, ten minutes, five tries, and nothing stored by which one could be guessed."""

import hashlib
import hmac
import secrets
from datetime import timedelta
from typing import Final

DIGITS: Final = 6
LIFETIME: Final = timedelta(minutes=10)
TRIES: Final = 5


class Codes:
    """Codes under one secret of ours: a digest alone would be undone by trying a million of them."""

    def __init__(self, secret: str) -> None:
        self._key = hashlib.sha256(b"contact codes\x1f" + secret.encode()).digest()

    def new(self) -> str:
        """A code nobody can foresee."""
        return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"

    def digest(self, contact: str, code: str) -> str:
        """What is stored of a code."""
        return hmac.new(self._key, f"{contact}\x1f{code}".encode(), hashlib.sha256).hexdigest()

    def fits(self, contact: str, code: str, digest: str) -> bool:
        """Whether that is the code, in the same time whatever it is."""
        return hmac.compare_digest(self.digest(contact, code), digest)
