"""A provider's signing keys: one signs, the ones before it are still published after a rotation."""

from collections.abc import Mapping
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, KeyParameters, KeySet, RSAKey


class SigningKeys:
    """Keys for one algorithm, ES256 or RS256, made at start and kept in memory."""

    def __init__(self, algorithm: str) -> None:
        self.algorithm = algorithm
        self._current = self._new()
        self._retired: list[ECKey | RSAKey] = []

    def rotate(self, *, keep_old: bool) -> None:
        """Sign with a new key. Without `keep_old` the one before is gone at once, as after a theft."""
        self._retired = [self._current, *self._retired] if keep_old else []
        self._current = self._new()

    def published(self) -> dict[str, Any]:
        """The JSON Web Key Set, public halves only."""
        return dict(KeySet([self._current, *self._retired]).as_dict(private=False))

    def public(self) -> KeySet:
        return KeySet([self._current, *self._retired])

    def sign(self, claims: Mapping[str, Any], *, typ: str = "JWT", stranger: bool = False, stranger_kid: bool = False) -> str:
        """A compact JWT. `stranger` signs with a key nobody knows (a fault), under the known `kid` unless `stranger_kid`."""
        key = self._new() if stranger or stranger_kid else self._current
        kid = key.kid if stranger_kid else self._current.kid
        return jwt.encode({"alg": self.algorithm, "kid": kid, "typ": typ}, dict(claims), key, algorithms=[self.algorithm])

    def _new(self) -> ECKey | RSAKey:
        parameters: KeyParameters = {"alg": self.algorithm, "use": "sig"}
        if self.algorithm == "ES256":
            return ECKey.generate_key("P-256", parameters, auto_kid=True)
        return RSAKey.generate_key(2048, parameters, auto_kid=True)
