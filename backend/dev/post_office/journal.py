"""What arrived, in the order it came."""

from datetime import datetime

import msgspec

from notifications.ways import ChannelName

MOST = 2_000


class Arrived(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One message in somebody's hand. `raw` is what travelled: the e-mail's source, or the request's JSON."""

    number: int
    at: datetime
    channel: ChannelName
    to: str
    title: str
    text: str
    raw: str


class Journal:
    """The last messages, oldest first."""

    def __init__(self) -> None:
        self._arrived: list[Arrived] = []
        self._number = 0

    def put(self, *, at: datetime, channel: ChannelName, to: str, title: str, text: str, raw: str) -> Arrived:
        """It has arrived."""
        self._number += 1
        arrived = Arrived(number=self._number, at=at, channel=channel, to=to, title=title, text=text, raw=raw)
        self._arrived = [*self._arrived[-MOST + 1 :], arrived]
        return arrived

    def among(self, channel: str | None = None, to: str | None = None) -> list[Arrived]:
        """Those of this channel, to this address."""
        return [one for one in self._arrived if (channel is None or one.channel == channel) and (to is None or one.to == to)]

    def clear(self) -> None:
        """A new page."""
        self._arrived.clear()
