"""Nonces for DPoP proofs (RFC 9449, 8 and 9; SEC-25): with one in it a proof is as fresh as our clock says, not the phone's.

They are made of the time and a secret all processes share, so nothing is stored, and any process takes another's.
"""

import base64
import hashlib
import hmac

from auth.lifetimes import DPOP_NONCE
from kernel.clock import Clock

NONCE_BYTES = 18


class Nonces:
    """The nonce of this period and of the one before."""

    def __init__(self, secret: bytes, clock: Clock) -> None:
        # Never the secret itself: it opens the signing keys.
        self._key = hmac.digest(secret, b"motcua dpop nonce", hashlib.sha256)
        self._clock = clock

    def current(self) -> str:
        """What to put into the next proof."""
        return self._of(self._period())

    def accept(self, nonce: str) -> bool:
        """Whether it was ours in this period or the one before."""
        period = self._period()
        given = nonce.encode()
        return any(hmac.compare_digest(given, self._of(known).encode()) for known in (period, period - 1))

    def _period(self) -> int:
        return int(self._clock.now().timestamp() // DPOP_NONCE.total_seconds())

    def _of(self, period: int) -> str:
        made = hmac.digest(self._key, period.to_bytes(8, "big"), hashlib.sha256)
        return base64.urlsafe_b64encode(made[:NONCE_BYTES]).decode()
