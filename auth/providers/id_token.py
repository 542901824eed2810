"""Whether an ID token is the answer to this sign-in, and to no other (OIDC Core 3.1.3.7; SEC-14)."""

from datetime import datetime, timedelta
from typing import Any

import structlog
from authlib.oidc.core import CodeIDToken
from joserfc.errors import JoseError

from auth.config import ProviderConfig
from auth.errors import ProviderAnswerRefused
from auth.providers import signed
from auth.providers.discovery import Discovery

log = structlog.get_logger(__name__)

LEEWAY = timedelta(seconds=30)
# An ID token has no required type. What says it is something else is something else (RFC 8725, 3.11).
TYPES = ("", "jwt", "id_token")


async def validate(
    id_token: str, provider: ProviderConfig, discovery: Discovery, *, nonce: str, access_token: str | None, now: datetime
) -> dict[str, Any]:
    """The token's claims, all of them checked.

    Raises:
        ProviderAnswerRefused: any check failed; which one is in the log.
        ProviderUnavailable: the provider's keys cannot be had.
    """
    token = await signed.verify(id_token, provider, discovery)
    if token.typ not in TYPES:
        raise ProviderAnswerRefused
    options = {
        "iss": {"essential": True, "value": provider.issuer},
        "sub": {"essential": True},
        "aud": {"essential": True, "values": [provider.client_id]},
        # A provider that leaves it out, as the configuration says of it, may not put another one in either.
        "nonce": {"essential": provider.echoes_nonce, "value": nonce},
    }
    params = {**({"nonce": nonce} if provider.echoes_nonce else {}), "client_id": provider.client_id, "access_token": access_token}
    claims = CodeIDToken(token.claims, token.header, options, params)
    try:
        claims.validate(now=int(now.timestamp()), leeway=int(LEEWAY.total_seconds()))
    except (JoseError, ValueError, TypeError) as refused:
        log.warning("id_token.refused", provider=provider.id, error=str(refused)[:200])
        raise ProviderAnswerRefused from refused
    if not claims["sub"]:
        raise ProviderAnswerRefused
    return dict(claims)
