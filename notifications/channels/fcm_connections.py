"""Connections to Firebase: HTTP/2 carries a hundred requests each, so as many as rate times round trip over a hundred.

Both are measured, the round trip as the quickest of late: whatever is slower than that waits for us, and more connections would not
help. A client of the library keeps one HTTP/2 connection, so every connection is a client.
"""

import asyncio
import math
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta

from pyreqwest.client import Client, ClientBuilder

# What Google's front ends, and most servers, announce as SETTINGS_MAX_CONCURRENT_STREAMS.
STREAMS = 100
MOST_CONNECTIONS = 40
TIMEOUT = timedelta(seconds=10)
CONNECT_TIMEOUT = timedelta(seconds=5)


class Connection:
    """One client, and how much is on its way through it."""

    def __init__(self, client: Client, traffic: "Traffic") -> None:
        self.client, self._traffic = client, traffic
        self.in_flight = 0
        self._room = asyncio.Semaphore(STREAMS)

    async def __aenter__(self) -> "Passage":
        # Counted before there is room: whoever chooses next has to see who is waiting.
        self.in_flight += 1
        try:
            await self._room.acquire()
        except BaseException:
            self.in_flight -= 1
            raise
        return Passage(self.client, self._traffic.monotonic())

    async def __aexit__(self, *_: object) -> None:
        self._room.release()
        self.in_flight -= 1


@dataclass(frozen=True, slots=True)
class Passage:
    """Leave to send one request now."""

    client: Client
    began: float


class Traffic:
    """How much passes, and how long the quickest took: what the number of connections follows from."""

    WINDOW_S = 0.1

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.monotonic = monotonic
        self.needed = 1
        self._since, self._passed, self._quickest = monotonic(), 0, float("inf")

    def passed(self, began: float) -> None:
        """A request that began then has its answer."""
        now = self.monotonic()
        self._passed += 1
        self._quickest = min(self._quickest, now - began)
        if (window := now - self._since) >= self.WINDOW_S:
            # Half as many again as the present traffic fills, and one, so that it can grow; what has once been opened stays.
            filled = self._passed / window * self._quickest / STREAMS
            self.needed = min(max(self.needed, math.ceil(filled * 1.5) + 1), MOST_CONNECTIONS)
            self._since, self._passed, self._quickest = now, 0, float("inf")


class Connections:
    """All connections to one address, opened as they are needed."""

    def __init__(self, *, encrypted: bool, authority_pem: bytes | None = None) -> None:
        """`encrypted`: HTTP/2 over TLS, as Firebase speaks it; plain HTTP/1.1 otherwise, for a simulator on this machine."""
        self._encrypted, self._authority_pem = encrypted, authority_pem
        self._open: list[Connection] = []
        self.traffic = Traffic()

    def __len__(self) -> int:
        return len(self._open)

    def choose(self) -> Connection:
        """The first with room, so that the last ones fall idle first; a new one when all are full and the traffic asks for it."""
        for connection in self._open:
            if connection.in_flight < STREAMS:
                return connection
        if len(self._open) < self.traffic.needed:
            self._open.append(Connection(self._client(), self.traffic))
            return self._open[-1]
        return min(self._open, key=lambda connection: connection.in_flight)

    async def close(self) -> None:
        """Close them all."""
        async with AsyncExitStack() as closing:
            for connection in self._open:
                closing.push_async_callback(connection.client.close)
        self._open.clear()

    def _client(self) -> Client:
        builder = ClientBuilder().timeout(TIMEOUT).connect_timeout(CONNECT_TIMEOUT).follow_redirects(enable=False)
        builder = builder.tcp_nodelay(enabled=True).default_headers({"content-type": "application/json"})
        if self._authority_pem:
            builder = builder.add_root_certificate_pem(self._authority_pem)
        if self._encrypted:
            # Said beforehand, so that a burst on a fresh client shares one handshake instead of starting a hundred.
            builder = builder.http2_prior_knowledge().http2_keep_alive_interval(timedelta(seconds=30))
        return builder.build()
