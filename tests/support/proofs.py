"""A phone that proves its key (RFC 9449); made with joserfc, with which the server does not check proofs."""

import base64
import hashlib
from dataclasses import dataclass, field
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, Key, OKPKey

from kernel.clock import Clock
from kernel.ids import new_id


def es256() -> ECKey:
    return ECKey.generate_key("P-256")


def ed25519() -> OKPKey:
    return OKPKey.generate_key("Ed25519")


@dataclass
class ProofMaker:
    """One device; every part of a proof can be bent."""

    url: str
    clock: Clock
    key: Key = field(default_factory=es256)
    nonce: str | None = None

    @property
    def jkt(self) -> str:
        return self.key.thumbprint()

    def proof(
        self,
        method: str,
        path: str,
        token: str | None = None,
        *,
        header: dict[str, Any] | None = None,
        key: Key | None = None,
        **claims: Any,
    ) -> str:
        """A proof of this request; a claim or a header that is None is left out. `key` signs in place of the one that is shown."""
        algorithm = "EdDSA" if isinstance(self.key, OKPKey) else "ES256"
        usual = {"typ": "dpop+jwt", "alg": algorithm, "jwk": self.key.as_dict(private=False)}
        said = {
            "jti": new_id(),
            "htm": method,
            "htu": self.url + path,
            "iat": int(self.clock.now().timestamp()),
            "ath": ath(token) if token else None,
            "nonce": self.nonce,
        }
        shown = _present(usual | (header or {}))
        return jwt.encode(shown, _present(said | claims), key or self.key, algorithms=[shown["alg"]], default_type=None)

    def for_token(self) -> str:
        """A proof for the token endpoint."""
        return self.proof("POST", "/oauth/token")


def ath(token: str) -> str:
    """The hash of an access token, as a proof names it."""
    return base64.urlsafe_b64encode(hashlib.sha256(token.encode()).digest()).rstrip(b"=").decode()


def _present(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
