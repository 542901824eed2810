"""An exact place is sensitive (law 91/2025/QH15): it is stored sealed, and told to the public only coarsely."""

from typing import Annotated

import msgspec
from msgspec import Meta

# About a hundred metres: the street, not the house (domain.md B11).
PUBLIC_DECIMALS = 3


class Spot(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where something is: WGS 84 degrees, and how exact, in metres."""

    lat: Annotated[float, Meta(ge=-90, le=90)]
    lon: Annotated[float, Meta(ge=-180, le=180)]
    accuracy: Annotated[float, Meta(ge=0, le=100_000)] | None = None

    def written(self) -> str:
        """As it goes to the vault."""
        return msgspec.json.encode(self).decode()

    def coarse(self) -> "Spot":
        """As the public may see it."""
        return Spot(round(self.lat, PUBLIC_DECIMALS), round(self.lon, PUBLIC_DECIMALS))

    def public(self) -> tuple[float, float]:
        """The same as a map wants it: longitude before latitude (RFC 7946, 3.1.1)."""
        coarse = self.coarse()
        return coarse.lon, coarse.lat


# South-west and north-east corner.
Box = tuple[Spot, Spot]


def read(written: str) -> Spot:
    """What `written` wrote."""
    return msgspec.json.decode(written, type=Spot)
