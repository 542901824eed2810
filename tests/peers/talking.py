"""A script of ours on Node that is told things and answers, a JSON object a line each way."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.peers.node import HERE, NODE, environment, modules

ANSWER_WITHIN_S = 30


class Peer:
    """The running script."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.first: dict[str, Any] = {}

    async def ask(self, what: str, **told: str) -> dict[str, Any]:
        """Tell it one thing; answers what it says to that."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps({"what": what, **told}).encode() + b"\n")
        await self._process.stdin.drain()
        return await self.hear()

    async def hear(self) -> dict[str, Any]:
        """The next thing it says."""
        assert self._process.stdout
        line = await asyncio.wait_for(self._process.stdout.readline(), ANSWER_WITHIN_S)
        assert line, "the peer has ended; what it said of that is on stderr"
        return dict(json.loads(line))


@asynccontextmanager
async def talking(script: Path, **told: Any) -> AsyncIterator[Peer]:
    """Start the script with what it is `told`; `first` is the first thing it says."""
    modules()
    process = await asyncio.create_subprocess_exec(
        str(NODE), str(script), json.dumps(told), cwd=HERE, env=environment(), stdin=-1, stdout=-1
    )
    peer = Peer(process)
    try:
        peer.first = await peer.hear()
        yield peer
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
