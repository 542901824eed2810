"""Saying no on demand: the first line of the script that matches answers, and is gone after `times`.

channel   email | sms | zalo
at        email: connect | mail | rcpt | content; sms: send; zalo: send | token. Left out: rcpt, send
to        only for this address
code      email: the SMTP code; sms: the HTTP status; zalo: the `error` in a body that came with 200
status    zalo: another HTTP status than 200
text      the words behind the code; sms and zalo: where it begins with `<` or `{`, the body as it is
drop      before: the connection is cut, nothing arrives; after: it arrives, and the answer is lost
retryAfter  sms: the header
times     how many; left out: until DELETE
"""

from typing import Literal

import msgspec

from notifications.ways import ChannelName

USUALLY_AT = {"email": "rcpt", "sms": "send", "zalo": "send"}


class Fault(msgspec.Struct, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """One line of the script."""

    channel: ChannelName
    at: Literal["connect", "mail", "rcpt", "content", "send", "token"] | None = None
    to: str | None = None
    code: int | None = None
    status: int | None = None
    text: str = ""
    drop: Literal["before", "after"] | None = None
    retry_after: str | None = None
    times: int | None = None

    def holds(self, channel: ChannelName, at: str, to: str) -> bool:
        return self.channel == channel and (self.at or USUALLY_AT[channel]) == at and (self.to is None or self.to == to)

    @property
    def body(self) -> str | None:
        """The body as it is, where it is one."""
        return self.text if self.text[:1] in {"<", "{"} else None


class Faults:
    """The script."""

    def __init__(self) -> None:
        self._script: list[Fault] = []

    def arm(self, fault: Fault) -> None:
        self._script.append(fault)

    def clear(self) -> None:
        self._script.clear()

    def take(self, channel: ChannelName, at: str, to: str = "") -> Fault | None:
        """The line that applies, used up by asking."""
        fault = next((line for line in self._script if line.holds(channel, at, to)), None)
        if fault and fault.times is not None:
            fault.times -= 1
            if fault.times <= 0:
                self._script.remove(fault)
        return fault
