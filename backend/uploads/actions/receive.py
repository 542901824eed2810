"""Bytes arrive and are stored: every second, every 256 KiB, at the end, at the cut, and when somebody asks how far it has come."""

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

from backend.uploads.actions.claim import Writer
from backend.uploads.errors import UploadInterrupted, UploadTooLarge
from backend.uploads.inflow import Inflow
from backend.uploads.limits import SILENT_FOR, STORED_EVERY, STORED_EVERY_BYTES
from kernel.clock import Clock
from kernel.errors import ChecksumMismatch

ANSWERED_WITHIN_S = 2.0


class Receiving:
    """The uploads that requests of this process are sending to, so that one can ask another to store what it has.

    Between processes there is only the fencing token: a request there is overtaken, and what it had not stored is sent again.
    """

    def __init__(self) -> None:
        self._live: dict[str, list[Reception]] = {}

    async def settle(self, upload_id: str) -> None:
        """Whoever receives stores what has arrived: the offset read next is the truth."""
        await _all_within([one.settle() for one in self._live.get(upload_id, ())])

    async def step_down(self, upload_id: str) -> None:
        """Whoever receives stores what has arrived, and leaves."""
        await _all_within([one.step_down() for one in self._live.get(upload_id, ())])

    @asynccontextmanager
    async def alone(self, upload_id: str, reception: "Reception") -> AsyncIterator[None]:
        """Everybody who came before has stored what arrived, and left; whoever comes later will ask this one."""
        earlier = list(self._live.setdefault(upload_id, []))
        self._live[upload_id].append(reception)
        try:
            await _all_within([one.step_down() for one in earlier])
            yield
        finally:
            self._live[upload_id].remove(reception)
            if not self._live[upload_id]:
                del self._live[upload_id]
            reception.gone.set()


class Reception:
    """One body on its way into one upload."""

    def __init__(self, inflow: Inflow, clock: Clock, checksum: tuple[str, bytes] | None) -> None:
        self._inflow, self._clock = inflow, clock
        self._digest = hashlib.new(checksum[0]) if checksum else None
        self._expected = checksum[1] if checksum else b""
        self._leaving = False
        self._stored, self.gone = asyncio.Event(), asyncio.Event()

    async def receive(self, writer: Writer, announced: int | None) -> None:
        """Store the body; one that is cut short is stored as far as it came.

        With a checksum nothing of the body is seen before all of it has arrived and fits. Of a body that is cut short nobody can
        say whether it fits: it is kept as without one.

        Raises:
            UploadTooLarge: the body is, or says it is, longer than what the upload lacks.
            UploadInterrupted: a newer request has taken over, or nothing arrived for a minute.
            ChecksumMismatch: nothing of the body has been kept.
        """
        lacking = writer.length - writer.stored
        if announced is not None and announced > lacking:
            raise UploadTooLarge
        self._inflow.expect(lacking)
        self._inflow.start()
        try:
            await self._until_the_end(writer)
        except asyncio.CancelledError:
            # The server stops. What has arrived has arrived.
            await self._store(writer, last=True)
            raise
        finally:
            await self._inflow.stop()

    async def _until_the_end(self, writer: Writer) -> None:
        silent_s = 0.0
        while not (self._inflow.ended or self._leaving):
            before = self._inflow.arrived
            in_time = await self._inflow.wait(STORED_EVERY_BYTES, STORED_EVERY.total_seconds())
            if self._inflow.too_much:
                break
            if not self._inflow.ended:
                await self._store(writer, last=False)
            silent_s = 0.0 if in_time or self._inflow.arrived > before else silent_s + STORED_EVERY.total_seconds()
            if silent_s >= SILENT_FOR.total_seconds():
                break
        if self._inflow.too_much:
            raise UploadTooLarge
        await self._store(writer, last=True)
        if not self._inflow.ended:
            raise UploadInterrupted

    async def _store(self, writer: Writer, *, last: bool) -> None:
        """Store what has arrived. The file's last byte waits for the end: only then is it known that no more comes than may."""
        whole, completes = self._inflow.whole, writer.offset + self._inflow.held >= writer.length
        content = self._inflow.take(keep=1 if completes and not last else 0)
        now = self._clock.now()
        if self._digest:
            self._digest.update(content)
            if last and whole and not hmac.compare_digest(self._digest.digest(), self._expected):
                raise ChecksumMismatch
        await writer.keep(content, now=now)
        if last or not self._digest:
            await writer.show(now=now)
        self._stored.set()
        self._stored = asyncio.Event()

    async def settle(self) -> None:
        """Store what has arrived."""
        self._inflow.hurry()
        leaving = asyncio.create_task(self.gone.wait())
        storing = asyncio.create_task(self._stored.wait())
        try:
            await asyncio.wait({leaving, storing}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            leaving.cancel()
            storing.cancel()

    async def step_down(self) -> None:
        """Store what has arrived, and leave."""
        self._leaving = True
        self._inflow.hurry()
        await self.gone.wait()


async def _all_within(askings: list[Coroutine[Any, Any, None]]) -> None:
    """Ask all, and wait a moment: one that does not answer is overtaken by its token."""
    if askings:
        with suppress(TimeoutError):
            async with asyncio.timeout(ANSWERED_WITHIN_S):
                await asyncio.gather(*askings)
