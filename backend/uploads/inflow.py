"""What arrives of a request's body, taken off the connection the moment it is there, so that a cut loses nothing that had arrived.

The server keeps what nobody has taken in a buffer of its own, and throws that away when the connection breaks. So a task of ours
takes everything at once, up to a bound, while another one is busy storing.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]

HELD_BYTES = 1024 * 1024
"""So much may have arrived and not been stored; beyond it the sender is made to wait."""


class Inflow:
    """One body. `run` takes it in, somebody else takes it out."""

    def __init__(self, receive: Receive, *, most: int) -> None:
        self._receive, self._most = receive, most
        self._held = bytearray()
        self._news, self._room = asyncio.Event(), asyncio.Event()
        self.arrived = 0
        self.whole, self.ended, self.too_much = False, False, False
        self._hurried = False

    async def run(self) -> None:
        """Take everything that comes, until the end or the cut."""
        try:
            while not self.ended:
                message = await self._receive()
                if message["type"] != "http.request":
                    break
                if not await self._hold(message.get("body", b"")):
                    break
                self.whole = not message.get("more_body", False)
                self.ended = self.whole
        finally:
            self.ended = True
            self._news.set()

    async def _hold(self, body: bytes) -> bool:
        """Keep a part; False when it is more than there may be."""
        self.arrived += len(body)
        if self.arrived > self._most:
            self.too_much = True
            return False
        self._held += body
        self._news.set()
        while len(self._held) > HELD_BYTES:
            self._room.clear()
            await self._room.wait()
        return True

    async def wait(self, enough: int, within_s: float) -> bool:
        """Until so many bytes are held, the body has ended, or somebody is in a hurry; False when this time passed before."""
        try:
            async with asyncio.timeout(within_s):
                while not (self.ended or self._hurried) and len(self._held) < enough:
                    await self._news.wait()
                    self._news.clear()
        except TimeoutError:
            return False
        self._hurried = False
        return True

    def hurry(self) -> None:
        """Let whoever waits go on with what there is."""
        self._hurried = True
        self._news.set()

    def take(self, *, keep: int = 0) -> bytes:
        """What is held, but for the last `keep` bytes."""
        end = max(0, len(self._held) - keep)
        taken = bytes(self._held[:end])
        del self._held[:end]
        self._room.set()
        return taken
