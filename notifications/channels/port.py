"""What every channel understands and answers."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, Protocol, TypeVar

from notifications.documents import Target
from notifications.messages.spoken import Said

Scope = Literal["delivery", "platform", "project"]


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
class Text:
    """A message in words for one address: nothing personal beyond what the address itself is (I27)."""

    reference: str
    """The same each time it is tried: by it a provider and an operator know a repetition."""
    address: str = field(repr=False)
    language: str
    said: Said
    link: str | None = None


@dataclass(frozen=True)
class Sent:
    """The provider has accepted it. That is not delivery."""

    provider_id: str


@dataclass(frozen=True)
class Retry:
    """Certainly not taken; try again, not before `after` where the provider named one.

    `scope` says how far the trouble goes: this push, every push to this platform, or every push of ours.
    """

    detail: str
    after: timedelta | None = None
    scope: Scope = "delivery"


@dataclass(frozen=True)
class Busy:
    """The provider asks all of us to slow down, or, with `stop`, to send nothing at all until `after` is over (I20)."""

    detail: str
    after: timedelta
    stop: bool = False


@dataclass(frozen=True)
class Ambiguous:
    """Perhaps sent: the request left, and whatever came back does not say. Sending again is safe only because of the tag."""

    detail: str
    after: timedelta | None = None


@dataclass(frozen=True)
class DeadTarget:
    """Nobody is there under this address any more."""

    detail: str


@dataclass(frozen=True)
class Stranger:
    """The address belongs to another project. One is a stray device; many mean that the credentials are the wrong ones (I17)."""

    detail: str


@dataclass(frozen=True)
class Refused:
    """The provider will never take this push; the device is not to blame (I17)."""

    detail: str


Outcome = Sent | Retry | Busy | Ambiguous | DeadTarget | Stranger | Refused


Carried_contra = TypeVar("Carried_contra", contravariant=True)


class Carrier(Protocol[Carried_contra]):
    """A way to somebody."""

    async def send(self, what: Carried_contra, /, *, now: datetime) -> Outcome:
        """Try once. Answers an outcome, and raises nothing a network or a provider can cause."""
        ...

    async def close(self) -> None:
        """Give up what is held open."""
        ...


# A way to a phone's app, and a way to an address.
Channel = Carrier[Push]
TextChannel = Carrier[Text]
