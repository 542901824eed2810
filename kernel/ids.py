"""Opaque identifiers: random, so that knowing one says nothing about the next (SEC-45)."""

import hashlib
import secrets

# Crockford's base 32: no i, l, o, u, so an id survives being read out over a telephone.
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
LENGTH = 26


def _encode(number: int) -> str:
    digits = []
    for _ in range(LENGTH):
        number, digit = divmod(number, 32)
        digits.append(ALPHABET[digit])
    return "".join(reversed(digits))


def new_id() -> str:
    """128 random bits as 26 lower-case characters."""
    return _encode(secrets.randbits(128))


def derived_id(*parts: str) -> str:
    """The same id for the same parts, always: makes a repeated step find what its first run made."""
    digest = hashlib.sha256("\x1f".join(parts).encode()).digest()
    return _encode(int.from_bytes(digest[:16]))


def named_id(kind: str, owner: str, client_id: str) -> str:
    """The id of what `owner` made under an id of their own choosing (R-A2): theirs alone, the same however often it is sent.

    Two owners may choose the same one, and neither can reach what the other made by it. A verb makes its document under this id and
    treats "already there" as made: the first content wins.
    """
    return derived_id(kind, owner, client_id.lower())
