"""What every channel understands and answers."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from notifications.documents import Target


@dataclass(frozen=True)
class Push:
    """A hint for one installation: ids and localisation keys, never a personal word (I27).

    `notice_id` is also the phone's tag and collapse id, so the same notice sent twice is seen once (I9).
    """

    notice_id: str
    platform: str
    target: Target = field(repr=False)
    category: str
    urgent: bool
    title_key: str
    body_key: str
    expires_at: datetime


@dataclass(frozen=True)
class Sent:
    """The provider has accepted it. That is not delivery."""

    provider_id: str


@dataclass(frozen=True)
class Retry:
    """Certainly not sent; try again, not before `after` where the provider named one."""

    detail: str
    after: timedelta | None = None


@dataclass(frozen=True)
class Ambiguous:
    """Perhaps sent: the request left and no answer came. Sending again is safe only because of the tag."""

    detail: str


@dataclass(frozen=True)
class DeadTarget:
    """Nobody is there under this address any more."""

    detail: str


@dataclass(frozen=True)
class Refused:
    """The provider will never take this push; the device is not to blame (I17)."""

    detail: str


Outcome = Sent | Retry | Ambiguous | DeadTarget | Refused


class Channel(Protocol):
    """A way to a phone."""

    async def send(self, push: Push, *, now: datetime) -> Outcome:
        """Try once. Answers an outcome, and raises nothing a network or a provider can cause."""
        ...
