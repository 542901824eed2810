"""Bytes arrive and are stored: every second, every 256 KiB, at the end, at the cut, and when somebody asks how far it has come."""

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from backend.uploads.actions.claim import Writer
from backend.uploads.errors import UploadInterrupted, UploadTooLarge
from backend.uploads.inflow import Inflow
from backend.uploads.limits import SILENT_FOR, STORED_EVERY, STORED_EVERY_BYTES
from kernel.clock import Clock
from kernel.errors import ChecksumMismatch

ANSWERED_WITHIN_S = 2.0


class Receiving:
    """The uploads that are being written to in this process, so that a request can ask another one to store what it has."""

    def __init__(self) -> None:
        self._live: dict[str, list[_Reception]] = {}

    async def settle(self, upload_id: str) -> None:
        """Whoever receives stores what has arrived: the offset read next is the truth."""
        await _all_within([one.settle() for one in self._live.get(upload_id, ())])

    async def step_down(self, upload_id: str) -> None:
        """Whoever receives stores what has arrived, and leaves."""
        await _all_within([one.step_down() for one in self._live.get(upload_id, ())])

    @asynccontextmanager
    async def _known(self, upload_id: str, reception: "_Reception") -> AsyncIterator[None]:
        self._live.setdefault(upload_id, []).append(reception)
        try:
            yield
        finally:
            self._live[upload_id].remove(reception)
            if not self._live[upload_id]:
                del self._live[upload_id]
            reception.gone.set()

    async def receive(self, writer: Writer, inflow: Inflow, clock: Clock, *, checksum: tuple[str, bytes] | None = None) -> int:
        """Store the body, and answer the new offset. A body that is cut short is stored as far as it came.

        With a checksum nothing of the body is seen before all of it has arrived and fits. Of a body that is cut short nobody can
        say whether it fits: it is kept as without one.

        Raises:
            UploadInterrupted: a newer request has taken over, or nothing arrived for a minute.
            UploadTooLarge: the body is longer than what the upload lacks.
            ChecksumMismatch: nothing of the body has been kept.
        """
        reception = _Reception(writer, inflow, clock, checksum)
        async with self._known(writer.upload_id, reception):
            reading = asyncio.create_task(inflow.run())
            try:
                await reception.run()
            except asyncio.CancelledError:
                # The server stops. What has arrived has arrived.
                await reception.store(last=True)
                raise
            finally:
                reading.cancel()
                with suppress(asyncio.CancelledError):
                    await reading
        return writer.stored


class _Reception:
    """One body on its way into one upload."""

    def __init__(self, writer: Writer, inflow: Inflow, clock: Clock, checksum: tuple[str, bytes] | None) -> None:
        self._writer, self._inflow, self._clock = writer, inflow, clock
        self._digest = hashlib.new(checksum[0]) if checksum else None
        self._expected = checksum[1] if checksum else b""
        self._leaving = False
        self._stored, self.gone = asyncio.Event(), asyncio.Event()

    async def run(self) -> None:
        silent_s = 0.0
        while not self._inflow.ended:
            before = self._inflow.arrived
            in_time = await self._inflow.wait(STORED_EVERY_BYTES, STORED_EVERY.total_seconds())
            if self._leaving:
                break
            if not self._inflow.ended:
                await self.store(last=False)
            silent_s = 0.0 if in_time or self._inflow.arrived > before else silent_s + STORED_EVERY.total_seconds()
            if silent_s >= SILENT_FOR.total_seconds():
                break
        if self._inflow.too_much:
            raise UploadTooLarge
        await self.store(last=True)
        if not self._inflow.ended:
            raise UploadInterrupted

    async def store(self, *, last: bool) -> None:
        """Store what has arrived. Not before the end its last byte: only then is it known that no more comes than may."""
        content = self._inflow.take(keep=0 if last else 1)
        now = self._clock.now()
        if self._digest:
            self._digest.update(content)
            if last and self._inflow.whole and not hmac.compare_digest(self._digest.digest(), self._expected):
                raise ChecksumMismatch
        await self._writer.keep(content, now=now)
        if last or not self._digest:
            await self._writer.show(now=now)
        self._stored.set()
        self._stored = asyncio.Event()

    async def settle(self) -> None:
        self._inflow.hurry()
        await self._stored.wait()

    async def step_down(self) -> None:
        self._leaving = True
        self._inflow.hurry()
        await self.gone.wait()


async def _all_within(askings: "list[asyncio._CoroutineLike[None]]") -> None:
    """Ask all, and wait a moment: one that does not answer is overtaken by its token."""
    if askings:
        with suppress(TimeoutError):
            async with asyncio.timeout(ANSWERED_WITHIN_S):
                await asyncio.gather(*askings)
