"""The post office itself: what arrived, what goes wrong, and where it answers."""

from dataclasses import dataclass, field

from backend.dev.post_office.faults import Faults
from backend.dev.post_office.journal import Journal
from kernel.clock import Clock, SystemClock


@dataclass
class PostOffice:
    """Its state, as its routes and a test see it."""

    clock: Clock = field(default_factory=SystemClock)
    journal: Journal = field(default_factory=Journal)
    faults: Faults = field(default_factory=Faults)
    url: str = ""
    smtp_url: str = ""
    references: dict[str, str] = field(default_factory=dict)
    """Under which name the SMS gateway took which reference."""

    @property
    def sms_url(self) -> str:
        """Where the SMS gateway takes texts."""
        return f"{self.url}/sms/messages"
