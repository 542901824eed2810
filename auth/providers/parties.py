"""Us, towards every provider there is."""

from anyio.to_thread import run_sync

from auth.config import AuthConfig
from auth.errors import LogoutTokenInvalid, ProviderUnknown
from auth.providers import logout_token, security_event
from auth.providers.logout_token import LONGEST_LIFE, Logout
from auth.providers.relying_party import RelyingParty
from auth.providers.security_event import Ending
from auth.providers.statement import LEEWAY
from auth.spent import SpentTokens
from kernel.clock import Clock


class Parties:
    """One relying party for each configured provider."""

    def __init__(self, config: AuthConfig, spent: SpentTokens, clock: Clock) -> None:
        self._parties = {provider.id: RelyingParty(config, provider, clock) for provider in config.providers}
        self._spent, self._clock = spent, clock

    def __getitem__(self, provider_id: str) -> RelyingParty:
        """The relying party of this provider.

        Raises:
            ProviderUnknown: there is no such provider.
        """
        if provider_id not in self._parties:
            raise ProviderUnknown
        return self._parties[provider_id]

    async def logout(self, provider_id: str, token: str) -> Logout:
        """What a provider's logout token says, the first time it says it.

        Raises:
            ProviderUnknown, LogoutTokenInvalid, ProviderUnavailable.
        """
        party, now = self[provider_id], self._clock.now()
        logout = await logout_token.validate(token, party.provider, party.discovery, now=now)
        until = now + LONGEST_LIFE + 2 * LEEWAY
        if not await run_sync(lambda: self._spent.spend(logout.issuer, logout.token_id, until=until)):
            raise LogoutTokenInvalid
        return logout

    async def security_event(self, provider_id: str, token: str) -> tuple[Ending, ...]:
        """What a provider's security event asks for, the first time; nothing when it says so again, as a sender may.

        Raises:
            ProviderUnknown, SecurityEventInvalid, ProviderUnavailable.
        """
        party, now = self[provider_id], self._clock.now()
        event = await security_event.validate(token, party.provider, party.discovery, now=now)
        until = now + security_event.OLDEST + 2 * LEEWAY
        first = await run_sync(lambda: self._spent.spend(party.provider.issuer, event.token_id, until=until))
        return event.endings if first else ()

    async def close(self) -> None:
        """End all connections."""
        for party in self._parties.values():
            await party.close()
