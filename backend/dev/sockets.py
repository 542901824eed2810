"""Ports, and an ASGI app served on one inside this process.

The development world and the tests run every outside system as a real server on a real socket. A provider has to know its own
address before it is made (the address is its issuer), so the socket comes first:

    sock = bound_socket()
    server = await serve_on(sock, create_provider(profile, url_of(sock), ...))
    ...
    await server.stop()
"""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import uvicorn

from backend.dev.http2 import EitherProtocol

# Frameworks each type the three ASGI arguments in their own way; Any is what they have in common.
AsgiApp = Callable[[Any, Any, Any], Awaitable[None]]

LOOPBACK = "127.0.0.1"
GRACE_SECONDS = 1.0

DROP_CONNECTION = "motcua.drop_connection"
"""ASGI extension of this server: call it to close the connection without an answer, as a failing network does."""


def bound_socket(host: str = LOOPBACK, port: int = 0) -> socket.socket:
    """A TCP socket that owns its port; 0 lets the system choose one.

    Raises:
        OSError: somebody else has the port.
    """
    # The protocol is named because asyncio sets TCP_NODELAY only where it is: without that every answer waits 40 ms for an ACK.
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    # Without this a restart on the same port fails for a minute while old connections linger in TIME_WAIT.
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
    except OSError:
        sock.close()
        raise
    return sock


def url_of(sock: socket.socket, scheme: str = "http") -> str:
    """The base address of a server on this socket, without a slash at its end."""
    host, port = sock.getsockname()[:2]
    return f"{scheme}://{host}:{port}"


def free_port(host: str = LOOPBACK) -> int:
    """A port nobody listens on now, for a child process. Inside this process hand on a bound socket, which cannot be lost."""
    with bound_socket(host) as sock:
        port: int = sock.getsockname()[1]
        return port


class RunningServer:
    """One app answering on one port, until `stop`."""

    def __init__(self, server: "_Server", task: asyncio.Task[None], url: str) -> None:
        self._server = server
        self._task = task
        self.url = url

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    async def stop(self) -> None:
        """Finish what is being answered, then close. What still streams after a second (an event stream) is cut."""
        self._server.should_exit = True
        await self._task


async def serve(app: AsgiApp, host: str = LOOPBACK, port: int = 0) -> RunningServer:
    """Serve `app` in this event loop; it answers when this returns.

    Raises:
        OSError: somebody else has the port.
        ServerDidNotStart: the app's own start-up failed; the cause is attached.
    """
    return await serve_on(bound_socket(host, port), app)


async def serve_on(sock: socket.socket, app: AsgiApp, *, tls: ssl.SSLContext | None = None) -> RunningServer:
    """`serve` on a socket bound before; the server closes it when it stops. `tls`: HTTP/2, and HTTP/1.1 for who asks for it."""

    async def with_drop(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            scope.setdefault("extensions", {})[DROP_CONNECTION] = lambda: server.drop(scope["client"])
        await app(scope, receive, send)

    # No log_config: uvicorn's default would replace the logging set-up of whoever embeds it. No access log: it would print query
    # strings, and those carry authorization codes.
    config = uvicorn.Config(
        with_drop,
        lifespan="on",
        http=EitherProtocol if tls else "httptools",
        ws="none",
        log_config=None,
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
    )
    config.load()
    config.ssl = tls
    server = _Server(config)
    url = url_of(sock, "https" if tls else "http")
    task = asyncio.create_task(server.serve(sockets=[sock]), name=f"serve {url}")
    ready = asyncio.create_task(server.ready.wait())
    await asyncio.wait({task, ready}, return_when=asyncio.FIRST_COMPLETED)
    ready.cancel()
    if task.done():
        sock.close()
        task.result()
    return RunningServer(server, task, url)


@contextlib.asynccontextmanager
async def serving(app: AsgiApp, host: str = LOOPBACK, port: int = 0) -> AsyncIterator[RunningServer]:
    """`serve` for a `with` block."""
    server = await serve(app, host, port)
    try:
        yield server
    finally:
        await server.stop()


class ServerDidNotStart(RuntimeError):
    """The app's start-up failed."""


class _Server(uvicorn.Server):
    """uvicorn as a guest: it neither takes the process's signals nor ends the process."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            await super().startup(sockets)
        except SystemExit as exit_request:
            # uvicorn leaves the process when the lifespan fails; the error itself is in the log by then.
            raise ServerDidNotStart("the app failed while starting; its log says why") from exit_request
        self.ready.set()

    def drop(self, client: tuple[str, int]) -> None:
        """Close the connection that comes from there at once, whatever was being answered."""
        for connection in list(self.server_state.connections):
            if getattr(connection, "client", None) == client:
                connection.transport.abort()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        cut = asyncio.get_running_loop().call_later(GRACE_SECONDS, self._cut_connections)
        try:
            await super().shutdown(sockets)
        finally:
            cut.cancel()

    def _cut_connections(self) -> None:
        """An event stream never ends by itself; closed from below, the app hears an ordinary disconnect."""
        for connection in list(self.server_state.connections):
            connection.transport.close()
