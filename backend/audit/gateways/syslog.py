"""The second copy as syslog (RFC 5424): one message a row, whose text is the row as in the file, over UDP, TCP or a local socket.

Syslog acknowledges nothing. Over TCP each batch has a connection of its own: our side is closed after the last message, and the
batch counts as safe when the receiver, having read to the end, closes its own (a receiver that died answers with a reset). A local
socket hands over to the kernel. UDP may lose what it likes: use it where nothing else is spoken, and verify the copy.
"""

import asyncio
import socket
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit

import structlog

from backend.audit.chain import Row, line

log = structlog.get_logger(__name__)

# RFC 5424, 6.2.1: facility 13 (log audit), severity 6 (informational).
PRIORITY = 13 * 8 + 6
TIMEOUT_S = 5.0
# RFC 5424, 6.4: a text in UTF-8 says so by the byte order mark.
UTF8 = b"\xef\xbb\xbf"
PORTS = {"udp": 514, "tcp": 601}
LONGEST_DATAGRAM = 65_000


class SyslogAddressMalformed(ValueError):
    """A syslog is udp://host:514, tcp://host:601 or unix:///path."""


def message(row: Row, host: str) -> bytes:
    """One row as a syslog message, without framing."""
    at = row["at"] if isinstance(row.get("at"), datetime) else datetime.now(UTC)
    kind = "RECORD" if "chain" in row else "ANCHOR"
    head = f"<{PRIORITY}>1 {at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z {host} motcua - {kind} - "
    return head.encode("ascii", "replace") + UTF8 + line(row)


def framed(messages: Iterable[bytes]) -> bytes:
    """As a stream: each preceded by its length (RFC 6587, 3.4.1), so that no text can end a message early."""
    return b"".join(b"%d %b" % (len(text), text) for text in messages)


class SyslogCopy:
    """Sends to one receiver. Raises nothing away: the caller goes on from what was safe."""

    def __init__(self, address: str, *, timeout_s: float = TIMEOUT_S) -> None:
        where = urlsplit(address)
        self._scheme, self._path, self._timeout_s = where.scheme, where.path, timeout_s
        if where.scheme == "unix" and where.path:
            self._peer = ("", 0)
        elif where.scheme in PORTS and where.hostname:
            self._peer = (where.hostname, where.port or PORTS[where.scheme])
        else:
            raise SyslogAddressMalformed(SyslogAddressMalformed.__doc__)
        # RFC 5424, 6: a host name is printable ASCII without spaces; `-` where there is none.
        self._host = socket.gethostname().replace(" ", "-") or "-"

    async def append(self, rows: Sequence[Row]) -> None:
        """Send the rows.

        Raises:
            OSError: the receiver does not answer, or went away before it had read them.
        """
        await asyncio.to_thread(self._send, [message(row, self._host) for row in rows])

    def _send(self, messages: list[bytes]) -> None:
        if self._scheme == "tcp":
            with socket.create_connection(self._peer, timeout=self._timeout_s) as stream:
                stream.sendall(framed(messages))
                stream.shutdown(socket.SHUT_WR)
                while stream.recv(4096):
                    """Whatever it says, the end of it is the answer."""
            return
        with self._datagrams() as datagrams:
            for text in messages:
                if len(text) > LONGEST_DATAGRAM:
                    log.error("syslog.record_too_long", bytes=len(text), why="use tcp")
                else:
                    datagrams.send(text)

    def _datagrams(self) -> socket.socket:
        if self._scheme == "unix":
            family, where = socket.AF_UNIX, self._path
        else:
            family, _, _, _, where = socket.getaddrinfo(*self._peer, type=socket.SOCK_DGRAM)[0]  # type: ignore[assignment]
        datagrams = socket.socket(family, socket.SOCK_DGRAM)
        datagrams.settimeout(self._timeout_s)
        try:
            datagrams.connect(where)
        except OSError:
            datagrams.close()
            raise
        return datagrams
