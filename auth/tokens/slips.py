"""Paper that proves itself: short statements signed with our keys, verified by anybody who has our JWKS, and by us.

A type of their own keeps them apart from access tokens: neither is ever taken for the other.
"""

from typing import Any

import jwt

from auth.tokens.signing_keys import SigningKeys

TYPE = "slip+jwt"
# What fits on a sheet of paper; whoever sends more wants our processor's time.
MAX_LENGTH = 2_048


class Slips:
    """Signs and reads slips. A key that has been forgotten proves nothing any more."""

    def __init__(self, issuer: str, keys: SigningKeys) -> None:
        self._issuer, self._keys = issuer, keys

    def sign(self, claims: dict[str, Any]) -> str:
        """A JWS in compact form (RFC 7515)."""
        return self._keys.sign({"iss": self._issuer, **claims}, typ=TYPE)

    def read(self, token: str) -> dict[str, Any] | None:
        """What a slip of ours says; None for anything else."""
        if len(token) > MAX_LENGTH:
            return None
        try:
            key = self._keys.verifying_key(str(jwt.get_unverified_header(token).get("kid")))
            if key is None:
                return None
            # When it ends is its reader's business: the clock is theirs.
            options: Any = {"require": ["iss", "exp"], "verify_exp": False, "verify_iat": False, "verify_aud": False}
            read = jwt.decode_complete(token, key, algorithms=[key.algorithm_name], issuer=self._issuer, options=options)
        except (jwt.InvalidTokenError, RecursionError):
            return None
        claims: dict[str, Any] = read["payload"]
        return claims if read["header"].get("typ") == TYPE else None
