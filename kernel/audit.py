"""The port through which every room says who did what to whose data (SEC-67); `backend/audit` keeps the record."""

from collections.abc import Mapping
from contextvars import ContextVar
from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import Any, Literal, Protocol, runtime_checkable

import msgspec

from kernel.principal import Principal

# What an entry says became of its act: it was about to be done, it was done, or it was not let happen.
ATTEMPTED, DONE, REFUSED = "attempted", "ok", "refused"

# What somebody's data may be looked at for. A citizen reads it, so each has its words (backend/audit/vocabulary.py).
Purpose = Literal[
    "dossier_handling",
    "feedback_handling",
    "citizen_service",
    "own_request",
    "security",
    "oversight",
    "statistics",
    "legal_duty",
]

# How much of a caller's address is kept, by version of IP: enough to tell places apart, too little to tell persons.
SHOWN_BITS = {4: 24, 6: 48}

# From which network the request at hand came, as `network_of` has it; absent outside of requests.
CALLER_NETWORK: ContextVar[str | None] = ContextVar("CALLER_NETWORK", default=None)


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One field before and after an act; None where it had no value.

    A personal value is `Plain` or `Sealed`. It goes on record as ciphertext under its citizen's key: a reference that can be
    followed until the citizen is erased, and whose record stays what it was when it cannot be any more.
    """

    field: str
    before: Any = None
    after: Any = None


class AuditEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One act.

    `object` is `kind:id` of what it was done to, `subjects` are the citizens concerned, `fields` which personal fields were shown
    (names, never values), `changes` what is different now, `purpose` why. `whose` is the data subject under whose key the personal
    values of `changes` are sealed; usually the only one of `subjects`.
    """

    action: str
    object: str
    subjects: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    whose: str | None = None
    agency: str | None = None
    purpose: Purpose | None = None
    result: str = DONE


@runtime_checkable
class Audit(Protocol):
    """Whoever keeps the record."""

    async def record(self, actor: Principal, *entries: AuditEntry) -> None:
        """Write the entries, in one go, before the act's answer leaves.

        Raises:
            AuditUnavailable: they could not be written. Then a read of personal data must not be answered (SEC-71).
        """
        ...


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    """What differs between two tellings of the same thing, in the order of the fields."""
    names = dict.fromkeys([*before, *after])
    pairs = [(name, before.get(name), after.get(name)) for name in names]
    return tuple(Change(field=name, before=was, after=now) for name, was, now in pairs if was != now)


# The same few callers come again and again within minutes.
@lru_cache(maxsize=4_096)
def network_of(address: str) -> str | None:
    """The network somebody calls from, /24 of IPv4 and /48 of IPv6; None where there is no address."""
    try:
        ip = ip_address(address)
    except ValueError:
        return None
    # A socket for both versions shows an IPv4 caller as ::ffff:a.b.c.d (RFC 4291, 2.5.5.2).
    network = ip_network(getattr(ip, "ipv4_mapped", None) or ip)
    return str(network.supernet(new_prefix=SHOWN_BITS[network.version]))
