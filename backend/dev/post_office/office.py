"""The post office itself: what arrived, what goes wrong, and where it answers."""

from dataclasses import dataclass, field

from backend.dev.post_office.faults import Faults
from backend.dev.post_office.journal import Journal
from backend.dev.post_office.zalo_tokens import ZaloAccount
from kernel.clock import Clock, SystemClock


@dataclass
class PostOffice:
    """Its state, as its routes and a test see it."""

    clock: Clock = field(default_factory=SystemClock)
    journal: Journal = field(default_factory=Journal)
    faults: Faults = field(default_factory=Faults)
    url: str = ""
    smtp_url: str = ""
    zalo: ZaloAccount = field(default_factory=ZaloAccount)
    references: dict[str, str] = field(default_factory=dict)
    """Under which name the SMS gateway took which reference."""

    @property
    def sms_url(self) -> str:
        """Where the SMS gateway takes texts."""
        return f"{self.url}/sms/messages"

    @property
    def zalo_url(self) -> str:
        """Where both of Zalo's services answer."""
        return f"{self.url}/zalo"
