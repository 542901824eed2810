"""A way to the database that ends at a named point: whoever goes through it waits there as long as a test wants, or dies there.

The crash point is the first command a server sends after it has written to one collection: what was written is written, and
nothing that comes after it ever arrives.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from backend.dev.sockets import LOOPBACK

CHUNK = 64 * 1024
WRITES = (b"insert\0", b"findAndModify\0")


@dataclass
class HeldDatabase:
    """Passes everything on until `armed`; then up to and including the next write to that collection. `uri` leads through it."""

    uri: str = ""
    armed: str | None = None
    reached: asyncio.Event = field(default_factory=asyncio.Event)

    def passes(self, chunk: bytes) -> bool:
        """May this go on to the database? OP_MSG carries `{<command>: "<collection>", ...}` in the clear (BSON specification)."""
        if self.reached.is_set():
            return False
        if self.armed:
            name = self.armed.encode() + b"\0"
            if any(b"\x02" + command + len(name).to_bytes(4, "little") + name in chunk for command in WRITES):
                self.reached.set()
        return True


@asynccontextmanager
async def held_database(mongodb_uri: str) -> AsyncIterator[HeldDatabase]:
    """A door before the database at `mongodb_uri`, which names one host."""
    place = urlsplit(mongodb_uri)
    held, ways = HeldDatabase(), set[asyncio.Task[None]]()

    async def way(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(place.hostname, place.port)
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(_passed_on(reader, back, held))
                both.create_task(_passed_on(there, writer, None))
        except* OSError:
            pass
        finally:
            back.close()
            writer.close()

    def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(way(reader, writer))
        ways.add(task)
        task.add_done_callback(ways.discard)

    server = await asyncio.start_server(begin, LOOPBACK, 0)
    held.uri = place._replace(netloc=f"{LOOPBACK}:{server.sockets[0].getsockname()[1]}").geturl()
    try:
        yield held
    finally:
        server.close()
        for task in list(ways):
            task.cancel()
        await asyncio.gather(*ways, return_exceptions=True)


async def _passed_on(source: asyncio.StreamReader, target: asyncio.StreamWriter, held: HeldDatabase | None) -> None:
    while chunk := await source.read(CHUNK):
        if held is None or held.passes(chunk):
            target.write(chunk)
            await target.drain()
    target.close()
