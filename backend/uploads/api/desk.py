"""What the routes of uploads share: the verbs of the slice with everything they need already in hand."""

import asyncio
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from litestar.di import NamedDependency

from backend.uploads.actions.check import Checking, check_next
from backend.uploads.actions.claim import claim
from backend.uploads.actions.receive import Receiving, Reception
from backend.uploads.api.protocol import ADDRESS
from backend.uploads.inflow import Inflow
from kernel.principal import Principal


@dataclass
class UploadDesk:
    """One a process."""

    checking: Checking
    public_url: str
    receiving: Receiving = field(default_factory=Receiving)
    _checks: set[asyncio.Task[bool]] = field(default_factory=set)

    def address(self, upload_id: str) -> str:
        """Where an upload is: without a host, so that it is right behind any proxy, but with the path we are reached under."""
        return f"{urlsplit(self.public_url).path.rstrip('/')}{ADDRESS}/{upload_id}"

    async def append(
        self,
        actor: Principal,
        upload_id: str,
        offset: int,
        inflow: Inflow,
        *,
        announced: int | None,
        checksum: tuple[str, bytes] | None,
    ) -> int:
        """Take a body in, from whoever was sending before; the check begins with the last byte. Answers the new offset.

        Raises:
            UploadNotFound, UploadExpired, OffsetMismatch, UploadTooLarge, UploadInterrupted, ChecksumMismatch.
        """
        checking = self.checking
        reception = Reception(inflow, checking.clock, checksum)
        async with self.receiving.alone(upload_id, reception):
            now = checking.clock.now()
            writer = await claim(actor, upload_id, offset, now=now, vault=checking.vault, segments=checking.segments)
            if writer is None:
                # It is complete, and this is its end: the answer to the last request did not get through.
                return offset
            try:
                await reception.receive(writer, announced)
            finally:
                if writer.stored == writer.length:
                    self.begin_check(upload_id)
        return writer.stored

    async def metadata(self, row: dict[str, Any]) -> str:
        """What was said of the file when it was begun; empty where nothing was, or nothing can be read any more."""
        opened = await self.checking.vault.open_one(row["metadata"]) if "metadata" in row else ""
        return opened if isinstance(opened, str) else ""

    def begin_check(self, upload_id: str) -> None:
        """Somebody waits for it, so it is begun here and now; should this process die, a worker begins again."""
        task = asyncio.create_task(check_next(self.checking, upload_id))
        self._checks.add(task)
        task.add_done_callback(self._checks.discard)

    async def close(self) -> None:
        """Leave what is being checked to the worker."""
        for task in list(self._checks):
            task.cancel()
        await asyncio.gather(*self._checks, return_exceptions=True)


TheUploadDesk = NamedDependency[UploadDesk]
