"""What arrives of a request's body, taken off the connection the moment it is there, so that a cut loses nothing that had arrived.

The server keeps what nobody has taken in a buffer of its own, and throws that away when the connection breaks. So a task of ours
takes everything at once, up to a bound, from before anybody has asked who is calling until the last byte is stored.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from typing import Any

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]

STRANGER_BYTES = 512 * 1024
"""So much is held of a caller who may turn out to be nobody; beyond it the sender is made to wait, and nothing is lost."""

HELD_BYTES = 1024 * 1024
"""So much may have arrived and not been stored, of a caller who may write."""


class Inflow:
    """One body. `start` begins to take it in, somebody else takes it out."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._held, self._room_for, self._most = bytearray(), STRANGER_BYTES, 0
        self._news, self._room = asyncio.Event(), asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._hurried = False
        self.arrived = 0
        self.whole, self.ended = False, False

    def start(self) -> None:
        """Take everything that comes, from now on."""
        self._task = self._task or asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Take nothing more."""
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    def expect(self, most: int) -> None:
        """The caller may write so many bytes."""
        self._most, self._room_for = most, HELD_BYTES
        self._room.set()

    @property
    def held(self) -> int:
        """So many bytes have arrived and not been taken."""
        return len(self._held)

    @property
    def too_much(self) -> bool:
        """Has more arrived than there may be?"""
        return self.arrived > self._most

    async def _run(self) -> None:
        try:
            while not self.ended:
                message = await self._receive()
                if message["type"] != "http.request":
                    break
                body = message.get("body", b"")
                self.arrived += len(body)
                self._held += body
                self.whole = self.ended = not message.get("more_body", False)
                self._news.set()
                while not self.ended and len(self._held) > self._room_for:
                    self._room.clear()
                    await self._room.wait()
        finally:
            self.ended = True
            self._news.set()

    async def wait(self, enough: int, within_s: float) -> bool:
        """Until so many bytes are held, the body has ended, or somebody is in a hurry; False when this time passed before."""
        try:
            async with asyncio.timeout(within_s):
                while not (self.ended or self._hurried or self.too_much) and len(self._held) < enough:
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
