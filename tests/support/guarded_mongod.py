"""A mongod that asks who is there: what a database role forbids can only be seen where roles are enforced."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from backend.dev.mongod import die_with_parent
from backend.dev.mongod_binary import find_mongod
from backend.dev.sockets import LOOPBACK, free_port
from kernel.mongo.client import connect

PASSWORD = "only-for-this-test"


@asynccontextmanager
async def guarded_mongod() -> AsyncIterator[str]:
    """Start one with `--auth` and a user `root`; answers root's connection string."""
    with tempfile.TemporaryDirectory(prefix="motcua-auth-") as folder:
        port = free_port()
        command = [str(find_mongod()), "--auth", "--bind_ip", LOOPBACK, "--port", str(port), "--dbpath", folder]
        quiet = ["--nounixsocket", "--quiet", "--wiredTigerCacheSizeGB", "0.25", "--logpath", str(Path(folder) / "log")]
        process = await asyncio.create_subprocess_exec(*command, *quiet, preexec_fn=die_with_parent())
        try:
            # Without a user yet, whoever comes from this machine may create the first one.
            async with connect(f"mongodb://{LOOPBACK}:{port}/", patience_ms=60_000) as client:
                await client.admin.command("createUser", "root", pwd=PASSWORD, roles=["root"])
            yield uri_of("root", port)
        finally:
            process.kill()
            await process.wait()


def uri_of(user: str, port: int) -> str:
    """How this user connects."""
    return f"mongodb://{user}:{PASSWORD}@{LOOPBACK}:{port}/?authSource=admin"
