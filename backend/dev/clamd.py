"""A virus scanner for development: speaks as much of clamd's protocol as is spoken to it, knows one virus, fails when asked to.

PING, VERSION, INSTREAM, each with `z` (answers end with a zero byte) or `n` (with a line feed) in front; see clamd(8)
"""

import asyncio
import contextlib
import struct
from collections.abc import AsyncIterator
from typing import Literal

from backend.dev.sockets import LOOPBACK

# Split, so that this file is not taken for the virus itself: the test string every scanner knows (EICAR).
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
LARGEST = 64 * 1024 * 1024

Fault = Literal["", "silent", "hang_up", "error", "nonsense"]


class Clamd:
    """The simulator; `fault` says how it fails from now on, `scanned` how many streams it has answered."""

    def __init__(self) -> None:
        self.fault: Fault = ""
        self.scanned = 0
        self.address = ""
        self._healed = asyncio.Event()

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection: one command."""
        try:
            await self._answer(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first = await reader.readexactly(1)
        end = b"\0" if first == b"z" else b"\n"
        command = (await reader.readuntil(end)).removesuffix(end)
        match command, self.fault:
            case _, "silent":
                await self._healed.wait()
                return
            case _, "hang_up":
                return
            case _, "nonsense":
                answer = "stream: perhaps"
            case b"PING", _:
                answer = "PONG"
            case b"VERSION", _:
                answer = "ClamAV 1.0.0/simulated"
            case b"INSTREAM", _:
                answer = await self._scanned(reader)
            case _:
                answer = "UNKNOWN COMMAND"
        writer.write(answer.encode() + end)
        await writer.drain()

    async def _scanned(self, reader: asyncio.StreamReader) -> str:
        content = bytearray()
        while size := struct.unpack("!I", await reader.readexactly(4))[0]:
            if len(content) + size > LARGEST:
                return "INSTREAM size limit exceeded. ERROR"
            content += await reader.readexactly(size)
        if self.fault == "error":
            return "stream: Can't allocate memory ERROR"
        self.scanned += 1
        return "stream: Eicar-Test-Signature FOUND" if EICAR in content else "stream: OK"

    def fail(self, fault: Fault) -> None:
        """Fail so, or (empty) no more."""
        self.fault = fault
        if fault == "silent":
            self._healed.clear()
        else:
            self._healed.set()


@contextlib.asynccontextmanager
async def running_clamd() -> AsyncIterator[Clamd]:
    """The simulator on a port of its own; `address` is what `MOTCUA_CLAMD` wants."""
    clamd = Clamd()
    server = await asyncio.start_server(clamd.accept, LOOPBACK, 0)
    host, port = server.sockets[0].getsockname()
    clamd.address = f"tcp:{host}:{port}"
    try:
        yield clamd
    finally:
        clamd.fail("")
        server.close()
