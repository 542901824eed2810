"""Who may send reports: keys of system clients, of which we keep the hash alone (`open311_keys` of the clients file)."""

import hashlib
import hmac
import re
from collections.abc import Sequence

import msgspec

_SHA256 = re.compile(r"[0-9a-f]{64}")


class Open311Key(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A client and the SHA-256 of its key. A key is random and long, so a plain hash says nothing of it.

    Several entries of one `client_id` are several keys of one client, so that it can change them without a gap.
    """

    client_id: str
    name: str
    key_sha256: str

    def __post_init__(self) -> None:
        if not self.client_id or not _SHA256.fullmatch(self.key_sha256):
            raise ValueError(f"open311 key of {self.client_id!r}: key_sha256 is 64 lower-case hexadecimal digits")


def whose(keys: Sequence[Open311Key], presented: str) -> Open311Key | None:
    """Whose key it is; nobody's: None. Each is compared in full, so that the time says nothing."""
    digest = hashlib.sha256(presented.encode()).hexdigest()
    fitting = [key for key in keys if hmac.compare_digest(key.key_sha256, digest)]
    return fitting[0] if fitting else None
