"""Only one sentence of a virus scanner means clean; the simulator and, where it is installed, the real one are asked."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest

from backend.dev.clamd import EICAR, Fault, running_clamd
from backend.dev.clamd import Clamd as Simulator
from backend.uploads.gateways.clamd import Clamd, ScannerAddressMalformed, scanner_at
from backend.uploads.scanner import Infected, NoScanner, ScannerUnavailable

pytestmark = pytest.mark.proves("SEC-61")
STARTED_WITHIN_S = 60
# An extended signature of its own: nothing is downloaded (ClamAV's documentation, "Body-based Signature Content Format").
SIGNATURE = f"Motcua.Eicar:0:*:{EICAR.hex()}\n"


@pytest.fixture
async def simulator(anyio_backend: str) -> AsyncIterator[Simulator]:
    async with running_clamd() as clamd:
        yield clamd


async def test_clean_is_clean_and_a_virus_has_a_name(simulator: Simulator) -> None:
    scanner = scanner_at(simulator.address)
    assert await scanner.scan(b"") is None
    assert await scanner.scan(bytes(300_000)) is None
    assert await scanner.scan(bytes(200_000) + EICAR) == Infected("Eicar-Test-Signature")
    assert "ClamAV" in await scanner.ping()


@pytest.mark.parametrize("fault", ["silent", "hang_up", "error", "nonsense"])
async def test_any_other_answer_is_no_answer(simulator: Simulator, fault: Fault) -> None:
    simulator.fail(fault)
    with pytest.raises(ScannerUnavailable):
        await Clamd(simulator.address, answer_within_s=0.2).scan(bytes(300_000))


async def test_nobody_at_the_address_is_no_answer(tmp_path: Path) -> None:
    for address in (f"unix:{tmp_path}/nobody", "tcp:127.0.0.1:1"):
        with pytest.raises(ScannerUnavailable):
            await scanner_at(address).scan(b"x")
        with pytest.raises(ScannerUnavailable):
            await scanner_at(address).ping()


def test_an_address_is_checked_when_it_is_read() -> None:
    assert isinstance(scanner_at("off"), NoScanner)
    for address in ("", "clamd", "http:127.0.0.1:3310", "unix:"):
        with pytest.raises(ScannerAddressMalformed):
            scanner_at(address)


@pytest.fixture
async def real_clamd(anyio_backend: str, tmp_path: Path) -> AsyncIterator[str]:
    """ClamAV's own daemon with a database of one signature, at a Unix socket."""
    binary = shutil.which("clamd") or "/usr/sbin/clamd"
    if shutil.which(binary) is None:
        pytest.skip("clamd is not installed (Debian: clamav-daemon)")
    (tmp_path / "db").mkdir()
    (tmp_path / "db" / "own.ndb").write_text(SIGNATURE)
    socket = tmp_path / "clamd.ctl"
    lines = [f"LocalSocket {socket}", f"DatabaseDirectory {tmp_path / 'db'}", "Foreground yes", "StreamMaxLength 1M"]
    (tmp_path / "clamd.conf").write_text("\n".join(lines) + "\n")
    quiet = {"stdout": asyncio.subprocess.DEVNULL, "stderr": asyncio.subprocess.DEVNULL}
    daemon = await asyncio.create_subprocess_exec(binary, "-c", str(tmp_path / "clamd.conf"), **quiet)
    try:
        async with asyncio.timeout(STARTED_WITHIN_S):
            while True:
                with suppress(ScannerUnavailable):
                    await Clamd(f"unix:{socket}").ping()
                    break
                await asyncio.sleep(0.1)
        yield f"unix:{socket}"
    finally:
        daemon.terminate()
        await daemon.wait()


async def test_the_real_daemon_is_understood(real_clamd: str) -> None:
    scanner = Clamd(real_clamd)
    assert (await scanner.ping()).startswith("ClamAV")
    assert await scanner.scan(bytes(100_000)) is None
    found = await scanner.scan(EICAR)
    assert isinstance(found, Infected)
    assert "Eicar" in found.name
    # Beyond its own limit it says so and hangs up: that is not clean.
    with pytest.raises(ScannerUnavailable):
        await scanner.scan(bytes(2 * 1024 * 1024))
