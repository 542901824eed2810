"""Several API processes over one database: what holds for one must hold for all of them together."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

from backend.app.clients_file import auth_config
from backend.app.parts import Parts
from backend.dev.children import Child
from backend.dev.sockets import free_port
from tests.support.callers import Callers
from tests.support.waiting import until


@dataclass
class Server:
    """One `motcua serve`."""

    child: Child
    http: httpx2.AsyncClient

    async def ready(self) -> bool:
        try:
            return (await self.http.get("/health/ready")).is_success
        except httpx2.TransportError:
            assert self.child.alive(), self.child.log.read_text(errors="replace")[-2000:]
            return False

    def kill(self) -> None:
        """kill -9, and it does not come back."""
        os.kill(self.child.pid, signal.SIGKILL)


@dataclass
class Servers:
    """All of them, and tokens that count at each."""

    each: list[Server]
    callers: Callers


@asynccontextmanager
async def servers(parts: Parts, uris: Sequence[str], folder: Path) -> AsyncIterator[Servers]:
    """A server for each of these ways to the database of `parts`; ready when this begins, gone when it ends."""
    async with AsyncExitStack() as stack:
        started = []
        for number, uri in enumerate(uris):
            port = free_port()
            environment = {
                "MOTCUA_MONGODB_URI": uri,
                "MOTCUA_DATABASE": parts.settings.database,
                "MOTCUA_PUBLIC_URL": parts.settings.public_url,
                "MOTCUA_CLIENTS_FILE": str(parts.settings.clients_file),
                "MOTCUA_PORT": str(port),
                "PYTHONPATH": str(Path(__file__).parents[2]),
            }
            child = Child("api", ["serve"], environment, folder / f"serve-{number}.log")
            child.start()
            stack.push_async_callback(child.ended)
            stack.callback(child.ask_to_stop)
            http = await stack.enter_async_context(httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60))
            started.append(Server(child, http))
        await asyncio.gather(*(until(server.ready) for server in started))
        yield Servers(started, Callers(parts, auth_config(parts.settings)))
