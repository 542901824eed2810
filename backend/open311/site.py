"""What this endpoint is: where it is reached, who may write, what is switched on."""

from collections.abc import Sequence
from dataclasses import dataclass

from backend.open311.keys import Open311Key

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
# When what this endpoint offers was changed last.
CHANGESET = "2026-11-25T00:00:00Z"


@dataclass(frozen=True)
class Site:
    """One installation. `updates` switches the extension `servicerequestupdates` on (docs/open311.md)."""

    public_url: str
    production: bool
    keys: Sequence[Open311Key]
    updates: bool = False

    @property
    def endpoint(self) -> str:
        """Below which the resources are."""
        return f"{self.public_url}/open311/v2"
