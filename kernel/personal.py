"""Finding a citizen's things without keeping the personal number readable.

The personal identification number (số định danh cá nhân) is twelve digits with no check digit: a plain hash of it is undone by
trying them all. So the look-up key is an HMAC with a secret of ours (domain.md B8: match by keyed hash, never by name).
"""

import hashlib
import hmac
import re

from kernel.errors import Invalid

_NUMBER = re.compile(r"[0-9]{12}|[0-9]{9}")


class PersonalNumberMalformed(Invalid):
    """A personal number has 12 digits (an old identity card 9)."""

    vi = "Số định danh cá nhân phải có 12 chữ số (chứng minh nhân dân cũ: 9 chữ số)."


def check_personal_number(personal_number: str) -> str:
    """The bare digits.

    Raises:
        PersonalNumberMalformed: it is neither 12 nor 9 digits.
    """
    digits = re.sub(r"[\s.]", "", personal_number)
    if not _NUMBER.fullmatch(digits):
        raise PersonalNumberMalformed
    return digits


class CitizenKeys:
    """Personal number to look-up key, with one secret."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def key(self, personal_number: str) -> str:
        """Opaque key of one citizen, the same for the same number.

        Raises:
            PersonalNumberMalformed: it is neither 12 nor 9 digits.
        """
        digits = check_personal_number(personal_number)
        return "c_" + hmac.new(self._secret, digits.encode(), hashlib.sha256).hexdigest()[:40]
