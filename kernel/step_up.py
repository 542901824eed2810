"""The port through which a room that does not know auth asks whether somebody has signed in just now; auth implements it."""

from datetime import datetime
from typing import Protocol

from kernel.principal import Principal


class StepUp(Protocol):
    """Whoever knows how lately somebody signed in, and how late is too late."""

    def for_destination(self, actor: Principal, now: datetime) -> None:
        """Let pass who may change where they are reached: they have signed in just now, at their provider or with us (SEC-36).

        Raises:
            Unauthenticated: with what the app has to ask for (RFC 9470).
        """
        ...
