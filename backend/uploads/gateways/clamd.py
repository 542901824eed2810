"""ClamAV's daemon: its INSTREAM command over a socket (clamd(8)). No answer, a strange one or a late one is no answer (SEC-61)."""

import asyncio
import struct
from contextlib import suppress

import structlog

from backend.settings import SettingsError
from backend.uploads.scanner import Infected, NoScanner, Scanner, ScannerUnavailable

log = structlog.get_logger(__name__)

OFF = "off"
CONNECT_WITHIN_S = 3.0
ANSWER_WITHIN_S = 30.0
CHUNK_BYTES = 64 * 1024
LONGEST_ANSWER = 4 * 1024


class ScannerAddressMalformed(SettingsError):
    """The setting is no address of a scanner."""

    def __init__(self, given: str) -> None:
        super().__init__(f"MOTCUA_CLAMD: `unix:/path/to/clamd.ctl`, `tcp:host:port` or `off`, and not {given!r}.")


class Clamd:
    """One clamd, at a Unix socket or over TCP; a connection for each file, as the protocol has it."""

    def __init__(self, address: str, *, answer_within_s: float = ANSWER_WITHIN_S) -> None:
        self._way, _, self._where = address.partition(":")
        if self._way not in ("unix", "tcp") or not self._where:
            raise ScannerAddressMalformed(address)
        self._answer_within_s = answer_within_s

    async def scan(self, content: bytes) -> Infected | None:
        """See `Scanner`. Only the one sentence `stream: OK` means clean."""
        answer = await self._ask(b"zINSTREAM\0", content)
        if answer == "stream: OK":
            return None
        if answer.startswith("stream: ") and answer.endswith(" FOUND"):
            return Infected(answer.removeprefix("stream: ").removesuffix(" FOUND"))
        raise ScannerUnavailable(answer[:200] or "clamd closed the connection")

    async def ping(self) -> str:
        """See `Scanner`."""
        if (pong := await self._ask(b"zPING\0", None)) != "PONG":
            raise ScannerUnavailable(pong[:200])
        return await self._ask(b"zVERSION\0", None)

    async def _ask(self, command: bytes, content: bytes | None) -> str:
        try:
            async with asyncio.timeout(CONNECT_WITHIN_S):
                reader, writer = await self._connected()
        except (OSError, TimeoutError, ValueError) as away:
            raise ScannerUnavailable(f"clamd cannot be reached: {away}") from away
        try:
            async with asyncio.timeout(self._answer_within_s):
                return await _exchange(reader, writer, command, content)
        except (OSError, TimeoutError, EOFError) as broken:
            raise ScannerUnavailable(f"clamd did not answer: {type(broken).__name__}") from broken
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._way == "unix":
            return await asyncio.open_unix_connection(self._where)
        host, _, port = self._where.rpartition(":")
        return await asyncio.open_connection(host, int(port))


async def _exchange(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, command: bytes, content: bytes | None) -> str:
    writer.write(command)
    try:
        for at in range(0, len(content or b""), CHUNK_BYTES):
            chunk = (content or b"")[at : at + CHUNK_BYTES]
            writer.write(struct.pack("!I", len(chunk)) + chunk)
            await writer.drain()
        if content is not None:
            writer.write(struct.pack("!I", 0))
        await writer.drain()
    except (BrokenPipeError, ConnectionResetError):
        # It may have answered and hung up before the end: over its size limit, it does.
        log.info("clamd.hung_up")
    answer = bytearray()
    while b"\0" not in answer and len(answer) < LONGEST_ANSWER and (part := await reader.read(LONGEST_ANSWER)):
        answer += part
    return bytes(answer).partition(b"\0")[0].decode(errors="replace").strip()


def scanner_at(address: str) -> Scanner:
    """The scanner of a setting.

    Raises:
        ScannerAddressMalformed: it is no address.
    """
    return NoScanner() if address == OFF else Clamd(address)
