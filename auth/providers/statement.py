"""A provider's signed statement that answers nothing we asked: a logout token, a security event (RFC 8417). One check for all."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

import structlog
from joserfc import jwt
from joserfc.errors import JoseError

from auth.config import ProviderConfig
from auth.errors import ProviderAnswerRefused
from auth.providers import signed
from auth.providers.discovery import Discovery

log = structlog.get_logger(__name__)

LEEWAY = timedelta(seconds=30)


async def checked(
    token: str, provider: ProviderConfig, discovery: Discovery, *, typ: str, required: Collection[str], now: datetime
) -> dict[str, Any]:
    """The claims of a statement of this type, by this provider, for us, with events in it. `required` are claims besides.

    Raises:
        ProviderAnswerRefused: any check failed; which one is in the log.
        ProviderUnavailable: the provider's keys cannot be had.
    """
    verified = await signed.verify(token, provider, discovery)
    claims = verified.claims
    # The type keeps an ID token from being taken for a statement, and the missing nonce the other way round.
    if verified.typ != typ or "nonce" in claims or not isinstance(claims.get("events"), dict):
        raise ProviderAnswerRefused
    options: dict[str, Any] = {name: {"essential": True} for name in ("iat", "jti", *required)}
    registry = jwt.JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=int(LEEWAY.total_seconds()),
        iss={"essential": True, "value": provider.issuer},
        aud={"essential": True, "values": [provider.client_id]},
        **options,
    )
    try:
        registry.validate(claims)
    except (JoseError, ValueError, TypeError) as refused:
        log.warning("statement.refused", provider=provider.id, typ=typ, error=str(refused)[:200])
        raise ProviderAnswerRefused from refused
    return claims
