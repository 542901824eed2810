"""One purpose as another room asks about it."""

from backend.privacy.actions.decide_consent import decide_consent
from backend.privacy.queries import has_consented
from kernel.audit import Audit
from kernel.clock import Clock
from kernel.principal import Principal


class StandingConsent:
    """One purpose, for a room that asks about it itself: it learns whether there is a consent, and hands on what it was told."""

    def __init__(self, purpose: str, audit: Audit, clock: Clock) -> None:
        self._purpose, self._audit, self._clock = purpose, audit, clock

    async def stands(self, actor: Principal) -> bool:
        """Has this citizen consented, to the present text?"""
        return await has_consented(actor.recipient, self._purpose)

    async def give(self, actor: Principal, shown_version: str) -> None:
        """They consent to the text they were shown.

        Raises:
            ConsentTextChanged, ProcessingRestricted.
        """
        now = self._clock.now()
        await decide_consent(actor, self._purpose, granted=True, shown_version=shown_version, now=now, audit=self._audit)
