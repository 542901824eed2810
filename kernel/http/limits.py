"""How often something may be done: one table, counted in the database, the same for every process (SEC-63, R-C12, ADR 0017).

A route names its limits, `opt=limited("token")`; one that names none spends from its caller's general budget. Numbers are per
window and key; a window begins with the first request in it. Where `growth` is above 1, every attempt beyond the limit makes the
wait longer, up to `longest`. Nobody is locked out by a stranger: a limit on an account counts by account and address together.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

import msgspec

from kernel.principal import Principal

LIMITS: Final = "limits"
_Minutes = timedelta(minutes=1)
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


class Limit(msgspec.Struct, frozen=True, kw_only=True):
    """At most `most` in a window of `within`, counted by what `by` names: `address`, `subject`, `session`, or a path's blank."""

    name: str
    by: tuple[str, ...]
    most: int
    within: timedelta
    growth: float = 1.0
    longest: timedelta = _DAY
    leased: int = 1
    """How many a process takes from the database at once. One is exact to the request; more spares a plain read its write."""

    @property
    def policy(self) -> str:
        """The limit as callers are told of it (draft-ietf-httpapi-ratelimit-headers, RateLimit-Policy)."""
        return f'"{self.name}";q={self.most};w={round(self.within.total_seconds())}'

    def scaled(self, scale: float) -> "Limit":
        """The same, wider: for development and tests, where everybody comes from one address."""
        wider = {"most": max(1, round(self.most * scale)), "leased": max(1, round(self.leased * scale))}
        return msgspec.structs.replace(self, **wider if self.leased > 1 else {"most": wider["most"]})


def _table(*limits: Limit) -> Mapping[str, Limit]:
    return {limit.name: limit for limit in limits}


TABLE: Final = _table(
    # Sign-in. A provider's redirect comes back from the browser that was sent there, so both count alike.
    Limit(name="authorize", by=("address",), most=20, within=_Minutes, growth=1.5, longest=timedelta(minutes=15)),
    Limit(name="callback", by=("address",), most=20, within=_Minutes, growth=1.5, longest=timedelta(minutes=15)),
    # Said beforehand by whoever is then sent to sign in (RFC 9126): as often as that.
    Limit(name="par", by=("address",), most=20, within=_Minutes, growth=1.5, longest=timedelta(minutes=15)),
    Limit(name="token", by=("address",), most=60, within=_Minutes),
    Limit(name="refresh", by=("session",), most=10, within=_Minutes),
    # A provider has one address and signs out as many as it likes to; the limit is there for who is no provider.
    Limit(name="backchannel", by=("address",), most=600, within=_Minutes),
    # A service asks about each token it is shown (RFC 7662); who proves no key is told nothing, and not for long.
    Limit(name="introspect", by=("address",), most=600, within=_Minutes),
    # Nobody guesses 128 bits, and nobody need try.
    Limit(name="unlock", by=("address",), most=10, within=_Minutes, growth=1.5, longest=_HOUR),
    Limit(name="lock", by=("subject",), most=5, within=_HOUR, growth=2.0),
    # A code for a helper.
    Limit(name="help", by=("subject",), most=10, within=_HOUR),
    # What a citizen does.
    Limit(name="push_registration", by=("subject", "installation_id"), most=10, within=_HOUR),
    # A code to an address or a number that may be somebody else's: few, and ever fewer.
    Limit(name="contact_code", by=("subject",), most=5, within=_HOUR, growth=2.0),
    Limit(name="export", by=("subject",), most=5, within=_HOUR, growth=2.0),
    Limit(name="erasure", by=("subject",), most=5, within=_HOUR, growth=2.0),
    # One of each of three kinds can be open: as many again for who thinks better of it.
    Limit(name="data_request", by=("subject",), most=10, within=_HOUR, growth=2.0),
    Limit(name="feedback", by=("subject",), most=10, within=_HOUR),
    # Answers to an office, and papers it asked for.
    Limit(name="message", by=("subject",), most=30, within=_HOUR),
    # "Me too" counts before an office, so nobody has many voices.
    Limit(name="follow", by=("subject",), most=60, within=_HOUR),
    # An official learns who reported: each time for a purpose, and never by the hundred.
    Limit(name="unmask", by=("subject",), most=30, within=_HOUR),
    Limit(name="upload", by=("subject",), most=20, within=_HOUR),
    Limit(name="lookup", by=("address",), most=10, within=_Minutes, growth=1.5, longest=_HOUR),
    # What a source system tells, a thousand events a time.
    Limit(name="feed", by=("subject",), most=600, within=_Minutes),
    # What a partner's app sends (Open311); its key is in the body, so it counts by where it comes from.
    Limit(name="open311", by=("address",), most=120, within=_Minutes),
    # Everything else. Many phones share one address of their network, so who is signed in is counted by name.
    Limit(name="caller", by=("subject",), most=600, within=_Minutes, leased=20),
    Limit(name="visitor", by=("address",), most=1_200, within=5 * _Minutes, leased=20),
)


def limited(*names: str) -> dict[str, Any]:
    """What a route's `opt` says of its limits; of none at all where none is named."""
    for name in names:
        if name not in TABLE:
            raise KeyError(f"There is no limit {name!r}")
    return {LIMITS: names}


UNLIMITED: Final = limited()


def key_of(limit: Limit, scope: Any, address: str) -> str:
    """By what this request is counted."""
    return "\x1f".join([_part(part, scope, address) for part in limit.by])


def _part(part: str, scope: Any, address: str) -> str:
    caller: Principal | None = scope.get("user")
    if part == "address" or (part == "subject" and caller is None):
        return address
    if part == "subject" and caller is not None:
        return caller.id
    return str(scope["path_params"].get(part, ""))


def general(scope: Any) -> str:
    """The budget of who names no limit."""
    return "visitor" if scope.get("user") is None else "caller"
