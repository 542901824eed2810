"""The ways that may stand in for a push, and which kind of contact each of them goes to. Pure."""

from collections.abc import Mapping
from typing import Final, Literal, get_args

from notifications.addresses import ContactKind

ChannelName = Literal["email", "sms", "zalo"]
CHANNELS: Final[tuple[ChannelName, ...]] = get_args(ChannelName)

GOES_TO: Final[Mapping[ChannelName, ContactKind]] = {"email": "email", "sms": "phone", "zalo": "phone"}
# A telephone's alphabet has no Khmer; its reader gets Vietnamese without marks.
_SPOKEN_ON: Final[Mapping[ChannelName, frozenset[str]]] = {"sms": frozenset({"vi", "en"})}


def language_on(channel: ChannelName, chosen: str) -> str:
    """In which language somebody is told by this way."""
    return chosen if chosen in _SPOKEN_ON.get(channel, {chosen}) else "vi"


# By which way the code goes that confirms a contact.
CONFIRMED_BY: Final[Mapping[ContactKind, ChannelName]] = {"email": "email", "phone": "sms"}
