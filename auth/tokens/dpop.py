"""Proof that whoever brings a token holds the key it is bound to (RFC 9449; SEC-23, SEC-24, SEC-25).

A proof counts once. At the token endpoint and for whatever changes something the database sees to that, over all processes. For a
GET an insert into the database would cost more than the answer: each process remembers what it has seen itself, and beyond that
the proof's minute has to do (RFC 9449, 11.1 allows that window).
"""

import base64
import hashlib
import re
from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import unquote, urlsplit

import jwt
import msgspec
from joserfc.errors import JoseError
from joserfc.jwk import import_key
from jwt import PyJWK

from auth.errors import ProofInvalid, ProofNonceMissing
from auth.lifetimes import DPOP_NONCE, DPOP_PROOF
from auth.spent import SpentProofs
from auth.tokens.nonces import Nonces
from kernel.clock import Clock

# What a phone's secure element (ES256) and everybody else's library can do; and which key belongs to each.
CURVES = {"ES256": ("EC", "P-256"), "EdDSA": ("OKP", "Ed25519")}
ALGORITHMS = tuple(CURVES)
HEADER_TYPE = "dpop+jwt"
REQUIRED = ["jti", "htm", "htu", "iat"]

MAX_LENGTH = 4096
MAX_JTI = 256
MAX_KEYS = 10_000
MAX_SEEN = 100_000
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_SECRET_MEMBERS = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
_PORTS = {"https": 443, "http": 80}
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]", re.ASCII)


class Presented(msgspec.Struct, frozen=True, kw_only=True):
    """A request as its proof has to describe it; `url` is our public address, whatever a proxy made of it."""

    method: str
    url: str
    access_token: str | None = None


class Proofs:
    """The check of proofs in one process."""

    def __init__(self, spent: SpentProofs, nonces: Nonces | None, clock: Clock) -> None:
        """`nonces` is None where proofs need none."""
        self.nonces = nonces
        self._spent, self._clock = spent, clock
        self._seen: OrderedDict[str, datetime] = OrderedDict()

    async def check(self, proofs: Sequence[bytes], request: Presented) -> str:
        """The thumbprint (RFC 7638) of the key whose holder sent this request.

        Raises:
            ProofInvalid: no proof, several, or one that is not of this request, this token, this moment, or has been used.
            ProofNonceMissing: it is good but for the nonce, which comes along.
        """
        if len(proofs) != 1 or len(proofs[0]) > MAX_LENGTH:
            raise ProofInvalid
        thumbprint, claims = _verified(proofs[0].decode("latin-1"))
        _match(claims, request)
        now = self._clock.now()
        lives = self._check_time(claims, now)
        await self._spend(thumbprint, claims["jti"], request.method, until=now + lives)
        return thumbprint

    def _check_time(self, claims: dict[str, Any], now: datetime) -> timedelta:
        """How long the proof could be brought again."""
        if self.nonces is not None:
            nonce = claims.get("nonce")
            if not isinstance(nonce, str) or not self.nonces.accept(nonce):
                raise ProofNonceMissing(self.nonces.current())
            # RFC 9449, 8: with our nonce in it the phone's clock does not matter, and may be as wrong as it is.
            return 2 * DPOP_NONCE
        # Whole seconds, as the phone says them; written so that a NaN, which JSON parsers let through, fails too.
        if not abs(int(now.timestamp()) - claims["iat"]) <= DPOP_PROOF.total_seconds():
            raise ProofInvalid
        return 2 * DPOP_PROOF

    async def _spend(self, thumbprint: str, jti: str, method: str, *, until: datetime) -> None:
        # Under the key: nobody can use up somebody else's ids.
        if method in SAFE:
            first = self._first_here(f"{thumbprint} {jti}", until)
        else:
            first = await self._spent.spend(thumbprint, jti, until=until)
        if not first:
            raise ProofInvalid

    def _first_here(self, name: str, until: datetime) -> bool:
        now, known = self._clock.now(), self._seen.get(name)
        if known is not None and known > now:
            return False
        self._seen[name] = until
        self._seen.move_to_end(name)
        while len(self._seen) > MAX_SEEN or next(iter(self._seen.values())) <= now:
            self._seen.popitem(last=False)
        return True


def _verified(proof: str) -> tuple[str, dict[str, Any]]:
    """The thumbprint of the key in the proof, and the claims that key has signed."""
    try:
        header = jwt.get_unverified_header(proof)
        key, thumbprint = _key_in(header)
        # Time is the caller's business; the claims JWT knows are optional here and, where present, of no meaning.
        options: Any = {"require": REQUIRED, **dict.fromkeys(("verify_exp", "verify_nbf", "verify_iat", "verify_aud"), False)}
        claims: dict[str, Any] = jwt.decode(proof, key, algorithms=[header["alg"]], options=options)
    except (jwt.PyJWTError, JoseError, ValueError, TypeError, KeyError, RecursionError) as refused:
        raise ProofInvalid from refused
    texts = all(isinstance(claims[name], str) for name in ("jti", "htm", "htu"))
    if not texts or not 0 < len(claims["jti"]) <= MAX_JTI or type(claims["iat"]) not in (int, float):
        raise ProofInvalid
    return thumbprint, claims


def _key_in(header: dict[str, Any]) -> tuple[PyJWK, str]:
    jwk, algorithm = header.get("jwk"), header.get("alg")
    if str(header.get("typ", "")).lower() != HEADER_TYPE or algorithm not in CURVES:
        raise ProofInvalid
    # RFC 9449, 4.3, check 7: "The jwk JOSE Header Parameter does not contain a private key."
    if not isinstance(jwk, dict) or _SECRET_MEMBERS & jwk.keys():
        raise ProofInvalid
    if (jwk.get("kty"), jwk.get("crv")) != CURVES[algorithm]:
        raise ProofInvalid
    return _key(algorithm, *(str(jwk.get(name, "")) for name in ("x", "y")))


@lru_cache(MAX_KEYS)
def _key(algorithm: str, x: str, y: str) -> tuple[PyJWK, str]:
    """The same phone comes again and again: its key is read once."""
    kind, curve = CURVES[algorithm]
    public: dict[str, str | list[str]] = {"kty": kind, "crv": curve, "x": x, **({"y": y} if kind == "EC" else {})}
    return PyJWK.from_dict(public, algorithm=algorithm), import_key(public).thumbprint()


def _match(claims: dict[str, Any], request: Presented) -> None:
    if claims["htm"] != request.method or _normal(claims["htu"]) != _normal(request.url):
        raise ProofInvalid
    if request.access_token is None:
        return
    digest = hashlib.sha256(request.access_token.encode()).digest()
    if claims.get("ath") != base64.urlsafe_b64encode(digest).rstrip(b"=").decode():
        raise ProofInvalid


def _normal(url: str) -> str:
    """An address without query and fragment, normalised as RFC 9449, 4.3 asks (RFC 3986, 6.2.2 and 6.2.3)."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as malformed:
        raise ProofInvalid from malformed
    scheme = parts.scheme.lower()
    host = (parts.hostname or "").lower()
    path = _ESCAPE.sub(_plain, parts.path) or "/"
    return f"{scheme}://{host}:{port or _PORTS.get(scheme, 0)}{path}"


def _plain(escape: re.Match[str]) -> str:
    """RFC 3986, 6.2.2.2: an escape that need not be one is the character itself, the others are in upper case."""
    character = unquote(escape[0], errors="replace")
    return character if _UNRESERVED.fullmatch(character) else escape[0].upper()
