"""The code under which a report is spoken of, and the secret that goes with it: for a slip of paper, a telephone, a QR code.

Random, so that nobody counts reports; without characters that are taken for others; with a check character, so that a slip is
noticed before anything is looked up. The alphabet has 31 characters because 31 is prime: any one wrong character and any two that
changed places are found.
"""

import hashlib
import hmac
import secrets

from kernel.errors import Invalid

ALPHABET = "023456789ABCDEFGHJKMNPQRSTVWXYZ"
PREFIX = "PA"
RANDOM, SECRET_LENGTH = 8, 16
# What people write for what they cannot tell apart. There is no 1, I or L to be taken for one another.
_LOOK_ALIKES = str.maketrans({"O": "0", "U": "V", "-": None, " ": None, "–": None, "\u00a0": None})


class FollowCodeMalformed(Invalid):
    """That is not the code of a report, for example PA-7KQ3-M9XT-C: a character is wrong, or two have changed places."""

    vi = "Mã theo dõi không đúng, ví dụ PA-7KQ3-M9XT-C: có ký tự sai hoặc bị đổi chỗ."


def new_code() -> str:
    """A code nobody can guess, as it is printed."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM))
    return printed(body + check_character(body))


def new_secret() -> str:
    """79 bits: far more than anybody can try."""
    return "".join(secrets.choice(ALPHABET) for _ in range(SECRET_LENGTH))


def check_character(body: str) -> str:
    """Makes the weighted sum of all characters a multiple of 31."""
    total = sum(weight * ALPHABET.index(character) for weight, character in enumerate(body, 2))
    return ALPHABET[-total % len(ALPHABET)]


def printed(bare: str) -> str:
    """`7KQ3M9XTC` as `PA-7KQ3-M9XT-C`."""
    return f"{PREFIX}-{bare[:4]}-{bare[4:8]}-{bare[8:]}"


def normalise(raw: str) -> str:
    """The code as it is printed, from what somebody typed.

    Raises:
        FollowCodeMalformed.
    """
    bare = raw.strip().upper().translate(_LOOK_ALIKES)
    bare = bare.removeprefix(PREFIX) if len(bare) > RANDOM + 1 else bare
    if len(bare) != RANDOM + 1 or set(bare) - set(ALPHABET) or check_character(bare[:-1]) != bare[-1]:
        raise FollowCodeMalformed
    return printed(bare)


def fingerprint(secret: str) -> bytes:
    """What is stored to recognise the secret by: it is random and long, so a plain hash says nothing."""
    return hashlib.sha256(secret.strip().upper().translate(_LOOK_ALIKES).encode()).digest()


def fits(secret: str, stored: bytes) -> bool:
    """Is it the secret? In the same time, whether or not."""
    return hmac.compare_digest(fingerprint(secret), stored)
