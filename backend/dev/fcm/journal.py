"""What was asked of the simulator and what it answered, so that a test can say "nothing was sent to X after Y"."""

from collections import deque
from datetime import datetime

import msgspec

KEPT = 20_000


class Entry(msgspec.Struct, rename="camel", omit_defaults=True):
    """One request. No access token and no assertion is ever written down."""

    at: datetime
    endpoint: str
    kind: str | None = None
    """token | fid | topic | condition"""
    target: str | None = None
    installation_id: str | None = None
    body: str | None = None
    """The message as it came over the wire, for those who look for what must not be in it."""
    status: int | None = None
    """The HTTP status answered; absent while the answer is pending, and when the connection was dropped instead."""
    error: str | None = None
    message_id: str | None = None
    dropped: bool = False
    answered_at: datetime | None = None


class Journal:
    """The last twenty thousand requests, oldest first."""

    def __init__(self) -> None:
        self.entries: deque[Entry] = deque(maxlen=KEPT)

    def open(self, endpoint: str, at: datetime) -> Entry:
        entry = Entry(at, endpoint)
        self.entries.append(entry)
        return entry
