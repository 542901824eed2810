"""How sure an app wants to be of who signs in (RFC 9470, 4; OpenID Connect Core, 3.1.2.1): which level, how lately. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec

from auth.config import ProviderConfig
from auth.providers.account import Account

# A signature of clocks: the provider's may be a little behind or ahead.
LEEWAY = timedelta(seconds=30)
LEVELS = ("1", "2")
LONGEST = timedelta(days=365)


class DemandMalformed(ValueError):
    """It asks for something that is no time and no level of ours."""


class Demand(msgspec.Struct, frozen=True, kw_only=True):
    """What an authorization request asks of the sign-in."""

    assurance: int = 0
    max_age: timedelta | None = None
    anew: bool = False
    """Whether the person has to prove themselves although the provider still knows them."""

    def met_by(self, account: Account, now: datetime) -> bool:
        """Whether this sign-in is as sure and as fresh as was asked. A provider that does not say when has not met `max_age`."""
        if account.assurance < self.assurance:
            return False
        return self.max_age is None or (account.told_when and now - account.authenticated_at <= self.max_age + LEEWAY)


def demanded(request: Mapping[str, str]) -> Demand:
    """The demand of an authorization request.

    Raises:
        DemandMalformed: `max_age` is no number of seconds, or `acr_values` names no level of ours.
    """
    max_age = request.get("max_age")
    # ASCII digits only: `isdecimal` alone would take those of other scripts.
    if max_age is not None and not (max_age.isascii() and max_age.isdecimal() and int(max_age) <= LONGEST.total_seconds()):
        raise DemandMalformed("max_age is not a number of seconds")
    wanted = request.get("acr_values", "").split()
    known = [int(value) for value in wanted if value in LEVELS]
    if wanted and not known:
        raise DemandMalformed(f"acr_values has to name one of {', '.join(LEVELS)}")
    return Demand(
        # Any of them will do (Core, 3.1.2.1), so the lowest is what has to be met.
        assurance=min(known, default=0),
        max_age=timedelta(seconds=int(max_age)) if max_age is not None else None,
        anew="login" in request.get("prompt", "").split(),
    )


def asked_of(provider: ProviderConfig, demand: Demand) -> dict[str, str]:
    """The same demand in the provider's words, beside what its configuration always asks for."""
    asked = {}
    enough = [acr for acr, level in sorted(provider.assurance.items(), key=lambda known: known[1]) if level >= demand.assurance]
    if acr := " ".join(enough) if demand.assurance and enough else provider.acr_values:
        asked["acr_values"] = acr
    if demand.max_age is not None:
        asked["max_age"] = str(int(demand.max_age.total_seconds()))
    if demand.anew:
        asked["prompt"] = "login"
    return asked
