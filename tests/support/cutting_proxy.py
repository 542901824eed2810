"""A network that breaks: TCP to somewhere else, cut after so many bytes, as slow as wanted, and counted."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

from backend.dev.sockets import LOOPBACK

CHUNK = 16 * 1024


class CuttingProxy:
    """Forwards to `target`. Every connection ends when `cut_after` bytes have gone up on it; None lets them all through."""

    def __init__(self, target: str, *, cut_after: int | None = None, delay_s: float = 0.0) -> None:
        address = urlsplit(target)
        self._host, self._port = str(address.hostname), int(address.port or 0)
        self.cut_after, self.delay_s = cut_after, delay_s
        self.sent, self.cuts, self.url = 0, 0, ""
        self._tasks: set[asyncio.Task[None]] = set()

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        try:
            up_reader, up_writer = await asyncio.open_connection(self._host, self._port)
        except OSError:
            writer.transport.abort()
            return
        down = asyncio.create_task(self._down(up_reader, writer))
        try:
            await self._up(reader, writer, up_writer)
            await down
        except asyncio.CancelledError:
            # The streams' own callback would print a cancelled task as an error.
            writer.transport.abort()
        finally:
            down.cancel()
            for end in (writer, up_writer):
                end.close()
                with suppress(OSError):
                    await end.wait_closed()
            self._tasks.discard(task)

    async def _up(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, up: asyncio.StreamWriter) -> None:
        left = self.cut_after
        with suppress(OSError):
            while chunk := await reader.read(CHUNK if left is None else min(CHUNK, left)):
                self.sent += len(chunk)
                if self.delay_s:
                    await asyncio.sleep(self.delay_s)
                up.write(chunk)
                await up.drain()
                if left is None:
                    continue
                left -= len(chunk)
                if left == 0:
                    self.cuts += 1
                    # What went through has arrived; the sender is told nothing but that the line is dead.
                    writer.transport.abort()
                    up.close()
                    return

    async def _down(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while chunk := await reader.read(CHUNK):
                writer.write(chunk)
                await writer.drain()
            writer.close()

    async def drop(self) -> None:
        """End every connection there is."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


@asynccontextmanager
async def cutting_proxy(target: str, *, cut_after: int | None = None, delay_s: float = 0.0) -> AsyncIterator[CuttingProxy]:
    """The proxy on a port of its own."""
    proxy = CuttingProxy(target, cut_after=cut_after, delay_s=delay_s)
    server = await asyncio.start_server(proxy.accept, LOOPBACK, 0)
    proxy.url = "http://{}:{}".format(*server.sockets[0].getsockname())
    try:
        yield proxy
    finally:
        server.close()
        await proxy.drop()
