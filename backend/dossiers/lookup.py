"""Code and secret of a dossier: for a slip of paper, a telephone, a QR code. The code is guessable, the secret is not.

The secret is derived, never stored: it is the same on every copy of the slip, and ends when the dossier has been over for a while.
"""

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Any, Protocol

# Without characters that are taken for others; 31 to the 12th: ten tries a minute find nothing.
ALPHABET = "023456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
VALID_AFTER_END = timedelta(days=90)
VALID_FOR = timedelta(days=400)
_LOOK_ALIKES = str.maketrans({"O": "0", "U": "V", "-": None, " ": None, "–": None, "\u00a0": None})


class Slips(Protocol):
    """Whoever signs what stands in the code on a slip."""

    def sign(self, claims: dict[str, Any]) -> str:
        """A JWS that anybody can verify with our public keys."""
        ...

    def read(self, token: str) -> dict[str, Any] | None:
        """What it says, if it is ours."""
        ...


class Secrets:
    """Derives secrets from a key of this house."""

    def __init__(self, key: bytes) -> None:
        self._key = hmac.digest(key, b"dossier look-up", "sha256")

    def of(self, dossier_id: str) -> str:
        """The secret of this dossier, as it is printed."""
        number = int.from_bytes(hmac.digest(self._key, dossier_id.encode(), hashlib.sha256))
        letters = []
        for _ in range(LENGTH):
            number, rest = divmod(number, len(ALPHABET))
            letters.append(ALPHABET[rest])
        text = "".join(letters)
        return "-".join(text[i : i + 4] for i in range(0, LENGTH, 4))

    def fits(self, secret: str, dossier_id: str) -> bool:
        """Is it the secret? In the same time, whether or not."""
        return hmac.compare_digest(_plain(secret).encode(), _plain(self.of(dossier_id)).encode())


def ended(status_at: datetime, now: datetime, *, terminal: bool) -> bool:
    """Is the dossier over for so long that its secret opens nothing any more?"""
    return terminal and now - status_at > VALID_AFTER_END


def _plain(secret: str) -> str:
    return secret.strip().upper().translate(_LOOK_ALIKES)
