"""Connections to Firebase: HTTP/2 carries a hundred requests each, so as many as rate times round trip over a hundred.

Little's law says that rate times round trip is what is in flight; counting that needs no measurement of either. A client of the
library keeps one HTTP/2 connection, so every connection is a client.
"""

import asyncio
from contextlib import AsyncExitStack
from datetime import timedelta

from pyreqwest.client import Client, ClientBuilder

# What Google's front ends, and most servers, announce as SETTINGS_MAX_CONCURRENT_STREAMS.
STREAMS = 100
MOST_CONNECTIONS = 40
TIMEOUT = timedelta(seconds=10)
CONNECT_TIMEOUT = timedelta(seconds=5)


class Connection:
    """One client, and how much is on its way through it."""

    def __init__(self, client: Client, streams: int) -> None:
        self.client = client
        self.in_flight = 0
        self._room = asyncio.Semaphore(streams)

    async def __aenter__(self) -> Client:
        # Counted before there is room: whoever chooses next has to see who is waiting.
        self.in_flight += 1
        try:
            await self._room.acquire()
        except BaseException:
            self.in_flight -= 1
            raise
        return self.client

    async def __aexit__(self, *_: object) -> None:
        self._room.release()
        self.in_flight -= 1


class Connections:
    """All connections to one address, opened as they are needed."""

    def __init__(self, *, encrypted: bool, authority_pem: bytes | None = None) -> None:
        """`encrypted`: HTTP/2 over TLS, as Firebase speaks it; plain HTTP/1.1 otherwise, for a simulator on this machine."""
        self._encrypted, self._authority_pem = encrypted, authority_pem
        self._open: list[Connection] = []

    def __len__(self) -> int:
        return len(self._open)

    def choose(self) -> Connection:
        """The first with room, so that the last ones fall idle first; a new one when all are full."""
        for connection in self._open:
            if connection.in_flight < STREAMS:
                return connection
        if len(self._open) < MOST_CONNECTIONS:
            self._open.append(Connection(self._client(), STREAMS))
            return self._open[-1]
        return min(self._open, key=lambda connection: connection.in_flight)

    async def close(self) -> None:
        """Close them all."""
        async with AsyncExitStack() as closing:
            for connection in self._open:
                closing.push_async_callback(connection.client.close)
        self._open.clear()

    def _client(self) -> Client:
        builder = (
            ClientBuilder()
            .timeout(TIMEOUT)
            .connect_timeout(CONNECT_TIMEOUT)
            .follow_redirects(enable=False)
            .tcp_nodelay(enabled=True)
        )
        if self._authority_pem:
            builder = builder.add_root_certificate_pem(self._authority_pem)
        if self._encrypted:
            # Said beforehand, so that a burst on a fresh client shares one handshake instead of starting a hundred.
            builder = builder.http2_prior_knowledge().http2_keep_alive_interval(timedelta(seconds=30))
        return builder.build()
