"""What the routes of uploads share: the verbs of the slice with everything they need already in hand."""

import asyncio
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from litestar.di import NamedDependency

from backend.uploads.actions.check import Checking, check_next
from backend.uploads.actions.claim import Writer, claim
from backend.uploads.actions.receive import Receiving
from backend.uploads.errors import UploadTooLarge
from backend.uploads.inflow import Inflow
from kernel.principal import Principal

ADDRESS = "/v1/uploads"


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

    async def claim(self, actor: Principal, upload_id: str, offset: int) -> Writer | None:
        """The right to write, from whoever has it in this process: they store what they have, and leave."""
        await self.receiving.step_down(upload_id)
        checking = self.checking
        return await claim(actor, upload_id, offset, now=checking.clock.now(), vault=checking.vault, segments=checking.segments)

    async def receive(self, writer: Writer, receive: Any, *, announced: int | None, checksum: tuple[str, bytes] | None) -> int:
        """Take the body in; the check begins with the last byte. Answers the new offset.

        Raises:
            UploadTooLarge: the body is, or says it is, longer than what the upload lacks.
            UploadInterrupted, ChecksumMismatch.
        """
        lacking = writer.length - writer.stored
        if announced is not None and announced > lacking:
            raise UploadTooLarge
        inflow = Inflow(receive, most=lacking)
        try:
            return await self.receiving.receive(writer, inflow, self.checking.clock, checksum=checksum)
        finally:
            if writer.stored == writer.length:
                self.begin_check(writer.upload_id)

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
