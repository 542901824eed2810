"""What is made of a browser's cookie: the name of its session, the key to what the session keeps, the token in its forms.

The cookie is 384 random bits and is stored nowhere, so whoever has the database has neither tokens nor drafts.
"""

import base64
import hashlib
import hmac
import os
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_BYTES, KEY_BYTES = 12, 32


def new_cookie() -> str:
    """48 random bytes, URL-safe."""
    return secrets.token_urlsafe(48)


def name_of(cookie: str) -> str:
    """Under which id the session of this cookie is stored."""
    return hashlib.sha256(cookie.encode()).hexdigest()


def form_token(cookie: str) -> str:
    """What every form of this session carries (CSRF): only who has the cookie can make it, and it gives nothing away."""
    return hmac.new(cookie.encode(), b"motcua console form", hashlib.sha256).hexdigest()


def is_form_token(cookie: str, given: str) -> bool:
    """Compared in constant time."""
    return hmac.compare_digest(form_token(cookie).encode(), given.encode())


def seal(cookie: str, plain: bytes, what: str) -> bytes:
    """Encrypted and bound to `what` it is, so that one thing cannot be put in place of another."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(_key(cookie)).encrypt(nonce, plain, what.encode())


def unseal(cookie: str, sealed: bytes, what: str) -> bytes | None:
    """What was sealed; None when it was not, not with this cookie, or not as this."""
    try:
        return AESGCM(_key(cookie)).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], what.encode())
    except (InvalidTag, ValueError):
        return None


def challenge_of(verifier: str) -> str:
    """RFC 7636, 4.2: S256."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _key(cookie: str) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, None, b"motcua console session").derive(cookie.encode())
