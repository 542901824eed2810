"""Whether a logout token is genuine, and whose sessions it ends (OpenID Connect Back-Channel Logout 1.0, 2.4 and 2.6; SEC-34)."""

from datetime import datetime, timedelta

import msgspec

from auth.config import ProviderConfig
from auth.errors import LogoutTokenInvalid, ProviderAnswerRefused
from auth.providers import statement
from auth.providers.discovery import Discovery
from auth.providers.statement import LEEWAY

EVENT = "http://schemas.openid.net/event/backchannel-logout"
# Section 4: tokens should expire at most two minutes in the future. Longer ones would have to be remembered longer.
LONGEST_LIFE = timedelta(minutes=2)


class Logout(msgspec.Struct, frozen=True):
    """Which sign-ins the provider says have ended: one (`upstream_sid`), or all of an account (`subject`)."""

    issuer: str
    subject: str | None
    upstream_sid: str | None
    token_id: str


async def validate(logout_token: str, provider: ProviderConfig, discovery: Discovery, *, now: datetime) -> Logout:
    """The logout this token asks for. That it comes only once is for the caller to see to, by its `token_id`.

    Raises:
        LogoutTokenInvalid: any check failed.
        ProviderUnavailable: the provider's keys cannot be had.
    """
    try:
        claims = await statement.checked(logout_token, provider, discovery, typ="logout+jwt", required=("exp",), now=now)
    except ProviderAnswerRefused as refused:
        raise LogoutTokenInvalid from refused
    events, subject, sid = claims["events"], claims.get("sub"), claims.get("sid")
    lives_short = claims["exp"] <= int(now.timestamp()) + (LONGEST_LIFE + LEEWAY).total_seconds()
    names_one = isinstance(subject, str) or isinstance(sid, str)
    if not (isinstance(events.get(EVENT), dict) and lives_short and names_one):
        raise LogoutTokenInvalid
    return Logout(
        provider.issuer,
        subject if isinstance(subject, str) else None,
        sid if isinstance(sid, str) else None,
        claims["jti"],
    )
