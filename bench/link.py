"""A phone's connection on a bad day, between any client and any server: a TCP proxy with a round trip, a rate and lost segments.

Where the kernel can delay and drop packets itself (netem), that is the better way; where it cannot, this stands in for it. What TCP
makes of a loss is modelled, not reproduced: a lost segment comes two round trips later (a retransmission time-out, the usual fate
of the last segments of a short answer), and whatever follows it on the connection waits, since TCP hands over in order. So is the
way to a connection: TCP's and TLS 1.3's hellos take a round trip each before the first byte of a request leaves.
"""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

SEGMENT_BYTES = 1_400


@dataclass(frozen=True)
class Conditions:
    """How bad the day is."""

    round_trip_s: float = 0.4
    bytes_per_s: float = 256_000 / 8
    loss: float = 0.05
    hellos: int = 2


@dataclass
class Link:
    """A running proxy: where to connect to, and what has crossed it."""

    conditions: Conditions
    target: tuple[str, int]
    luck: random.Random
    url: str = ""
    up_bytes: int = 0
    down_bytes: int = 0
    connections: int = 0
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, until either side closes it."""
        self.connections += 1
        there, back = await asyncio.open_connection(*self.target)
        opened_at = asyncio.get_running_loop().time() + self.conditions.hellos * self.conditions.round_trip_s
        directions = [self._pump(reader, back, up=True, not_before=opened_at), self._pump(there, writer, up=False)]
        self.tasks |= (tasks := {asyncio.create_task(direction) for direction in directions})
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()
        self.tasks -= tasks
        writer.close()
        back.close()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, up: bool, not_before: float = 0.0) -> None:
        on_the_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        delivering = asyncio.create_task(self._deliver(on_the_way, writer))
        loop, line_free, last = asyncio.get_running_loop(), not_before, 0.0
        try:
            while segment := await reader.read(SEGMENT_BYTES):
                line_free = max(line_free, loop.time()) + len(segment) / self.conditions.bytes_per_s
                arrives = line_free + self.conditions.round_trip_s / 2
                while self.luck.random() < self.conditions.loss:
                    arrives += 2 * self.conditions.round_trip_s
                last = max(last, arrives)
                on_the_way.put_nowait((last, segment))
                self.up_bytes += len(segment) if up else 0
                self.down_bytes += 0 if up else len(segment)
            await on_the_way.join()
        finally:
            delivering.cancel()

    async def _deliver(self, on_the_way: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter) -> None:
        while True:
            at, segment = await on_the_way.get()
            await asyncio.sleep(at - asyncio.get_running_loop().time())
            writer.write(segment)
            await writer.drain()
            on_the_way.task_done()


@asynccontextmanager
async def slow_link(port: int, conditions: Conditions, *, seed: int) -> AsyncIterator[Link]:
    """The link to a server on this machine. The same seed loses the same segments."""
    link = Link(conditions, ("127.0.0.1", port), random.Random(seed))
    server = await asyncio.start_server(link.carry, "127.0.0.1", 0)
    link.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield link
    finally:
        server.close()
        for task in link.tasks:
            task.cancel()
