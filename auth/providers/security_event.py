"""What a provider tells of an account between sign-ins: Shared Signals (OpenID SSF 1.0, CAEP, RISC) as security event tokens.

session-revoked, credential-change, account-disabled, account-purged, credential-compromise ──> sessions here end
everything else ──> taken note of, as RFC 8935, 2.2 wants, and no more
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import structlog

from auth.config import ProviderConfig
from auth.errors import ProviderAnswerRefused, SecurityEventInvalid
from auth.providers import statement
from auth.providers.discovery import Discovery

log = structlog.get_logger(__name__)

_CAEP = "https://schemas.openid.net/secevent/caep/event-type/"
_RISC = "https://schemas.openid.net/secevent/risc/event-type/"
# After each of these nobody who was signed in may go on being so.
ENDING = frozenset(
    {
        _CAEP + "session-revoked",
        _CAEP + "credential-change",
        _RISC + "account-disabled",
        _RISC + "account-purged",
        _RISC + "credential-compromise",
    }
)
# A receiver that was away is told later; a token has no end of its own (RFC 8417, 2.2), so its age has to do.
OLDEST = timedelta(days=7)


class Ending(msgspec.Struct, frozen=True):
    """Sessions that have to end: of an account, or of one sign-in of it, and only those that were there `at` that time."""

    issuer: str
    subject: str | None
    upstream_sid: str | None
    at: datetime


class SecurityEvent(msgspec.Struct, frozen=True):
    """A checked token: what it asks for, and the id under which it counts once."""

    token_id: str
    endings: tuple[Ending, ...]


async def validate(token: str, provider: ProviderConfig, discovery: Discovery, *, now: datetime) -> SecurityEvent:
    """What this security event token says.

    Raises:
        SecurityEventInvalid: any check failed.
        ProviderUnavailable: the provider's keys cannot be had.
    """
    try:
        claims = await statement.checked(token, provider, discovery, typ="secevent+jwt", required=(), now=now)
    except ProviderAnswerRefused as refused:
        raise SecurityEventInvalid from refused
    issued, token_id = claims["iat"], claims["jti"]
    # OpenID SSF 1.0, 4.1.2 and 4.1.5: "sub" and "exp" must not be there, so that it is no other kind of JWT.
    if "sub" in claims or "exp" in claims or type(issued) is not int or not isinstance(token_id, str):
        raise SecurityEventInvalid
    if issued < (now - OLDEST).timestamp():
        raise SecurityEventInvalid
    return SecurityEvent(token_id, tuple(_endings(claims, provider, issued)))


def _endings(claims: Mapping[str, Any], provider: ProviderConfig, issued: int) -> Iterator[Ending]:
    for kind, event in claims["events"].items():
        if kind not in ENDING or not isinstance(event, dict):
            log.info("security_event.noted", provider=provider.id, kind=str(kind)[:100])
            continue
        subject, sid = _named(claims.get("sub_id") or event.get("subject"), provider)
        if subject is None and sid is None:
            log.warning("security_event.names_nobody", provider=provider.id, kind=kind)
            continue
        told = event.get("event_timestamp")
        # Never later than it was said: a signal of yesterday ends nothing that began today.
        at = min(told, issued) if type(told) is int and told > 0 else issued
        # The end of that second: the sender counts in whole ones.
        yield Ending(provider.issuer, subject, sid, datetime.fromtimestamp(at + 1, UTC))


def _named(named: Any, provider: ProviderConfig) -> tuple[str | None, str | None]:
    """Account and sign-in of a subject identifier (RFC 9493): `iss_sub`, `opaque` for a session, `complex` of both."""
    if not isinstance(named, dict):
        return None, None
    if named.get("format") == "complex":
        subject, _ = _named(named.get("user"), provider)
        _, sid = _named(named.get("session"), provider)
        return subject, sid
    if named.get("format") == "iss_sub" and named.get("iss") == provider.issuer:
        return _text(named.get("sub")), None
    return None, _text(named.get("id")) if named.get("format") == "opaque" else None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
