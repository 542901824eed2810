"""What a provider says of somebody, under our names. Pure: claims in, an Account out."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from auth.config import ProviderConfig
from kernel.text import clean

MAX_NAME = 200


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """An account somebody has just signed in with."""

    issuer: str
    subject: str
    name: str
    personal_number: str | None = None
    email: str | None = None
    assurance: int = 0
    acr: str = ""
    amr: tuple[str, ...] = ()
    authenticated_at: datetime
    told_when: bool = False
    """Whether the provider has said when; otherwise `authenticated_at` is now, and proves nothing."""
    upstream_sid: str | None = None


def account_of(claims: Mapping[str, Any], provider: ProviderConfig, now: datetime) -> Account:
    """The account these checked claims describe. A claim of the wrong type counts as absent."""
    names = provider.claims
    email = _text(claims, names.email)
    verified = claims.get(names.email_verified)
    auth_time = claims.get("auth_time")
    known_time = isinstance(auth_time, int) and not isinstance(auth_time, bool) and 0 < auth_time <= now.timestamp()
    return Account(
        issuer=provider.issuer,
        subject=str(claims["sub"]),
        name=clean(_text(claims, names.name) or "")[:MAX_NAME],
        personal_number=_text(claims, names.personal_number),
        # Some providers write the boolean as text (OIDC Core 5.1 says boolean).
        email=email.strip().lower() if email and verified in (True, "true") else None,
        assurance=provider.assurance.get(str(claims.get("acr", "")), 0),
        acr=_text(claims, "acr") or "",
        amr=_means(claims),
        authenticated_at=datetime.fromtimestamp(int(auth_time), UTC) if known_time and auth_time else now,
        told_when=known_time,
        upstream_sid=_text(claims, "sid"),
    )


def in_domains(email: str, domains: Iterable[str]) -> bool:
    """Whether the address is of one of these domains or a sub-domain: `snn.camau.gov.vn` yes, `evilcamau.gov.vn` no."""
    local, _, domain = email.rpartition("@")
    return bool(local) and "@" not in local and any(domain == d or domain.endswith("." + d) for d in domains)


def _means(claims: Mapping[str, Any]) -> tuple[str, ...]:
    """How somebody proved themselves there (RFC 8176), in the provider's own words."""
    told = claims.get("amr")
    return tuple(means for means in told if isinstance(means, str)) if isinstance(told, list) else ()


def _text(claims: Mapping[str, Any], name: str) -> str | None:
    value = claims.get(name) if name else None
    return value if isinstance(value, str) and value else None
