"""What an e-mail address and a telephone number look like, each written in one way only. Pure."""

import re
from typing import Final, Literal, get_args

from kernel.privacy.kind import Kind
from notifications.errors import ContactMalformed

ContactKind = Literal["email", "phone"]
CONTACT_KINDS: Final[tuple[ContactKind, ...]] = get_args(ContactKind)
KINDS: Final = {"email": Kind.EMAIL, "phone": Kind.PHONE}

LONGEST_EMAIL: Final = 254
# An atom of RFC 5322 on the left, a host name with at least one dot on the right: what every mail server takes. Nothing quoted, and
# no letter beyond ASCII, because few servers speak SMTPUTF8 (RFC 6531).
_ATOMS = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_HOST = r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]"
_EMAIL = re.compile(rf"({_ATOMS})@({_HOST})")
# A mobile number of Vietnam: nine digits after the trunk prefix, the first of them 3, 5, 7, 8 or 9 (Circular 22/2014/TT-BTTTT).
_MOBILE = re.compile(r"(?:\+?84|0)([35789][0-9]{8})")


def normalised(kind: ContactKind, raw: str) -> str:
    """The address in the one way it is stored: `lan@example.com`, `+84912345678`.

    Raises:
        ContactMalformed.
    """
    if kind == "email":
        found = _EMAIL.fullmatch(raw.strip())
        if found and len(found[0]) <= LONGEST_EMAIL and len(found[1]) <= 64:  # noqa: PLR2004 - RFC 5321, 4.5.3.1.1
            return f"{found[1]}@{found[2].lower()}"
    elif found := _MOBILE.fullmatch(re.sub(r"[\s.()-]", "", raw)):
        return f"+84{found[1]}"
    raise ContactMalformed


def masked(kind: ContactKind, address: str) -> str:
    """What its owner recognises, and nobody else can use."""
    return KINDS[kind].mask(address)
