"""Secrets that mean nothing by themselves: codes, refresh tokens, browser cookies. Kept only as their SHA-256.

A plain hash is enough because the secret has 384 random bits (ASVS 6.5.2 asks for 112): there is nothing to guess.
"""

import hashlib
import secrets


def new_secret() -> str:
    """48 random bytes, URL-safe, 64 characters."""
    return secrets.token_urlsafe(48)


def digest(secret: str) -> str:
    """What is stored in place of the secret."""
    return hashlib.sha256(secret.encode()).hexdigest()
