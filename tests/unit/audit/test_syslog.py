"""The second sink: what a real receiver on a real socket gets, and that one that is down loses nothing (SEC-70)."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from backend.audit.actions.anchor import anchor
from backend.audit.actions.follow import follow
from backend.audit.actions.record import AuditLog
from backend.audit.actions.verify import verify
from backend.audit.documents import AuditTrail
from backend.audit.gateways.syslog import SyslogAddressMalformed, SyslogCopy
from backend.audit.jobs import keep_following
from backend.audit.shipped import Shipped
from kernel.audit import AuditEntry
from kernel.clock import TestClock
from kernel.mongo.client import Database
from tests.support.audit_trail import EVENING, viewed
from tests.support.officials import HOA

pytestmark = [pytest.mark.anyio, pytest.mark.proves("SEC-70")]

HEAD = re.compile(rb"<110>1 (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z) (\S+) motcua - (RECORD|ANCHOR) - \xef\xbb\xbf")


class Receiver:
    """A syslog server: takes what comes, octet-counted, until the sender closes."""

    def __init__(self) -> None:
        self.messages: list[bytes] = []
        self.slams = 0
        """So many connections are reset in the middle."""
        self.got = asyncio.Event()

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.slams:
            self.slams -= 1
            await reader.read(10)
            # With a linger of zero and data unread, closing is a reset.
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            writer.transport.abort()
            return
        data = await reader.read()
        while data:
            length, _, rest = data.partition(b" ")
            self.messages.append(rest[: int(length)])
            data = rest[int(length) :]
        self.got.set()
        writer.close()
        await writer.wait_closed()

    def lines(self) -> list[bytes]:
        """The text of every message, as the file would have it."""
        return [HEAD.sub(b"", text) for text in self.messages]


@asynccontextmanager
async def receiving(receiver: Receiver, port: int = 0) -> AsyncIterator[str]:
    server = await asyncio.start_server(receiver.take, "127.0.0.1", port, limit=2**20)
    yield f"tcp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    server.close()
    await server.wait_closed()


async def some_records(trail: AuditTrail) -> AuditLog:
    log = AuditLog(trail, TestClock(EVENING))
    await log.record(HOA, viewed(1), viewed(2))
    await log.record(HOA, AuditEntry(action="dossier.viewed", object="dossier:d3", purpose='Kiểm tra\n<110>1 - forged {"a": 1}'))
    await anchor(trail, now=EVENING)
    return log


async def test_a_receiver_gets_every_row_as_rfc_5424_and_the_trail_verifies_against_it(
    trail: AuditTrail, database: Database
) -> None:
    await some_records(trail)
    receiver = Receiver()
    async with receiving(receiver) as address:
        assert await follow(trail, database, "syslog", SyslogCopy(address).append) == 4
    heads = [HEAD.match(text) for text in receiver.messages]
    assert [head and head[3] for head in heads] == [b"RECORD"] * 3 + [b"ANCHOR"]
    assert heads[0]
    assert heads[0][1] == b"2026-11-20T14:00:00.000000Z"
    assert not [text for text in receiver.messages if b"\n" in text], "nobody writes a second message into the first (SEC-69)"
    assert (await verify(trail, copy=Shipped(receiver.lines()))).whole


async def test_a_record_missing_in_the_trail_shows_against_the_syslog(trail: AuditTrail, database: Database) -> None:
    await some_records(trail)
    receiver = Receiver()
    async with receiving(receiver) as address:
        await follow(trail, database, "syslog", SyslogCopy(address).append)
    await trail.records.delete_one({"seq": 3})
    await trail.anchors.delete_many({})
    findings = {finding.kind for finding in (await verify(trail, copy=Shipped(receiver.lines()))).findings}
    assert "missing" in findings


async def test_a_receiver_that_is_down_or_dies_in_the_middle_gets_everything_later(trail: AuditTrail, database: Database) -> None:
    log = await some_records(trail)
    receiver = Receiver()
    async with receiving(receiver) as address:
        pass
    with pytest.raises(OSError, match="refused"):
        await follow(trail, database, "syslog", SyslogCopy(address).append)
    # Recording goes on meanwhile: this sink keeps nobody waiting.
    await log.record(HOA, viewed(4))
    receiver.slams = 1
    async with receiving(receiver) as address:
        with pytest.raises(OSError, match=r"reset|aborted|pipe"):
            await follow(trail, database, "syslog", SyslogCopy(address).append)
        assert await follow(trail, database, "syslog", SyslogCopy(address).append) == 5
    assert (await verify(trail, copy=Shipped(receiver.lines()))).whole
    assert len(receiver.messages) == 5


async def test_the_worker_ships_on_although_the_receiver_comes_late(trail: AuditTrail, database: Database) -> None:
    await some_records(trail)
    receiver, stop = Receiver(), asyncio.Event()
    async with receiving(receiver) as address:
        port = int(address.rpartition(":")[2])
    copy = SyslogCopy(address)
    refused = asyncio.Event()

    async def hand_on(rows: list[dict[str, object]]) -> None:
        try:
            await copy.append(rows)
        except OSError:
            refused.set()
            raise

    working = asyncio.create_task(keep_following(trail, database, "syslog", hand_on, stop, every=EVENING - EVENING))
    async with asyncio.timeout(20):
        await refused.wait()
        async with receiving(receiver, port):
            await receiver.got.wait()
            stop.set()
            await working
    assert (await verify(trail, copy=Shipped(receiver.lines()))).whole


async def test_udp_and_a_local_socket_get_the_same_text(trail: AuditTrail, database: Database, tmp_path: Path) -> None:
    await some_records(trail)
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as unix,
    ):
        udp.bind(("127.0.0.1", 0))
        unix.bind(str(tmp_path / "log"))
        addresses = (f"udp://127.0.0.1:{udp.getsockname()[1]}", f"unix://{tmp_path}/log")
        for receiver, address in zip((udp, unix), addresses, strict=True):
            receiver.settimeout(5)
            await follow(trail, database, address, SyslogCopy(address).append)
            lines = [HEAD.sub(b"", receiver.recv(65_536)) for _ in range(4)]
            assert (await verify(trail, copy=Shipped(lines))).whole
    with pytest.raises(OSError):
        await follow(trail, database, "gone", SyslogCopy(f"unix://{tmp_path}/nowhere").append)


@pytest.mark.parametrize("address", ["", "syslog://host", "tcp://", "unix://", "/dev/log"])
def test_an_address_that_is_none_stops_the_program(address: str) -> None:
    with pytest.raises(SyslogAddressMalformed):
        SyslogCopy(address)
