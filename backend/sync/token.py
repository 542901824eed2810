"""How far a phone has come, as a token it can neither read nor bend, nor use for another citizen."""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Sequence

import msgspec

from backend.sync.errors import SyncTokenExpired

# Raised when copies made under the number before must be fetched anew: every token of before answers 410 then.
SCHEMA = 1
TAG_BYTES = 12
# The edge marks a tag with the coding its answer went out in; what is compared is the place.
_CODED = re.compile(r'-(?:zstd|br|gzip)"$')
LONGEST = 400


class Position(msgspec.Struct, frozen=True, array_like=True):
    """A place in a citizen's feed: everything up to `seq` has been seen.

    While a snapshot is being paged, `upto` is where the feed stood when it began: what had gone by then was never in it. `epoch`
    names this life of the feed; a feed restored from a backup counts the same numbers again for other changes. `catalogue` is in
    which versions the catalogues were.
    """

    seq: int = 0
    upto: int = 0
    epoch: str = ""
    catalogue: str = ""


# A place no feed knows.
LOST = Position(seq=-1)


class _Content(msgspec.Struct, frozen=True, array_like=True):
    schema: int
    types: str
    position: Position


class Tokens:
    """Makes and reads tokens with one secret, the same in every process."""

    def __init__(self, secret: str) -> None:
        self._key = hmac.new(secret.encode(), b"motcua sync token", hashlib.sha256).digest()

    def issue(self, citizen: str, types: Sequence[str], position: Position) -> str:
        """The token of a place in this citizen's feed, for these types."""
        content = msgspec.msgpack.encode(_Content(SCHEMA, ",".join(types), position))
        return base64.urlsafe_b64encode(self._tag(citizen, content) + content).rstrip(b"=").decode()

    def read(self, citizen: str, token: str) -> tuple[tuple[str, ...], Position]:
        """The types and the place of a token.

        Raises:
            SyncTokenExpired: it is not ours, not this citizen's, or of another schema.
        """
        try:
            raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True) if len(token) <= LONGEST else b""
            tag, content = raw[:TAG_BYTES], raw[TAG_BYTES:]
            if not hmac.compare_digest(tag, self._tag(citizen, content)):
                raise SyncTokenExpired
            told = msgspec.msgpack.decode(content, type=_Content)
        except (binascii.Error, ValueError, msgspec.DecodeError) as broken:
            raise SyncTokenExpired from broken
        if told.schema != SCHEMA:
            raise SyncTokenExpired
        return tuple(told.types.split(",")), told.position

    def _tag(self, citizen: str, content: bytes) -> bytes:
        bound = len(citizen).to_bytes(2) + citizen.encode() + content
        return hmac.new(self._key, bound, hashlib.sha256).digest()[:TAG_BYTES]


def etag_of(token: str) -> str:
    """The strong entity tag of an answer whose `nextSince` is this token: nobody has to look at a body for it.

    The front of a token is its authentication tag, different for every citizen, selection and place.
    """
    return f'"{token[:16]}"'


def known_as(if_none_match: str | None, etag: str) -> str | None:
    """The caller's own name for this entity tag, in whatever coding it was sent (RFC 9110, 13.1.2: compared weakly; `*` is any)."""
    named = [part.strip().removeprefix("W/") for part in (if_none_match or "").split(",")]
    return etag if "*" in named else next((name for name in named if _CODED.sub('"', name) == etag), None)
