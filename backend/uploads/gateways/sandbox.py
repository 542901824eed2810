"""Opens foreign files in a process of their own: bounded in number, time, memory and answer, and gone afterwards (SEC-57)."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import PurePath
from typing import Any

import structlog

from backend.uploads.inspector import Accepted, InspectorFailed, Refused
from backend.uploads.limits import MAX_BYTES

log = structlog.get_logger(__name__)

PROGRAM = "backend.uploads.inspection.program"
AT_ONCE = 2
WITHIN_S = 30.0
# A cleaned PNG may be larger than what came; but no answer is as large as this.
LONGEST_ANSWER = 8 * MAX_BYTES
# How a process ends that was stopped by its own limits, or by us.
_STOPPED = {-signal.SIGKILL, -signal.SIGXCPU, -signal.SIGSEGV, -signal.SIGABRT, -signal.SIGBUS}


class Sandbox:
    """The inspector as a child process for each file."""

    def __init__(self, *, at_once: int = AT_ONCE, within_s: float = WITHIN_S) -> None:
        self._room, self._within_s = asyncio.Semaphore(at_once), within_s

    async def inspect(self, content: bytes, *, name: str, media_type: str) -> Accepted | Refused:
        """See `Inspector`. Who takes too much time or memory, or brings the program down, is too complex."""
        # Only how the name ends: arguments can be read by everybody on the machine, and names are personal.
        order = {"do": "inspect", "suffix": PurePath(name).suffix[:16], "media_type": media_type}
        answer = await self._run(order, [content])
        if answer is None:
            return Refused("too_complex")
        head, kept = answer
        return Accepted(head["accepted"], kept) if "accepted" in head else Refused(head["refused"])

    async def paper(self, pictures: Sequence[bytes]) -> bytes:
        """See `Inspector`."""
        answer = await self._run({"do": "paper", "sizes": [len(picture) for picture in pictures]}, pictures)
        if answer is None:
            raise InspectorFailed("the pictures could not be put on paper")
        return answer[1]

    async def _run(self, order: dict[str, Any], parts: Sequence[bytes]) -> tuple[dict[str, str], bytes] | None:
        """Head and bytes of the answer; None when the program was stopped."""
        async with self._room:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-I", "-c", _START, *sys.path, PROGRAM, json.dumps(order)),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                # Nothing of ours: the settings have secrets in them. One arena, or each thread of a decoder reserves 64 MB.
                env={"LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "1"},
                cwd="/",
                start_new_session=True,
            )
            try:
                async with asyncio.timeout(self._within_s):
                    answer = await _talk(process, parts)
                    await process.wait()
            except TimeoutError:
                answer = b""
            finally:
                await _ended(process)
        if process.returncode in _STOPPED:
            log.warning("upload.sandbox_stopped", returncode=process.returncode)
            return None
        if process.returncode != 0 or not answer:
            raise InspectorFailed(f"the inspector ended with {process.returncode}")
        head, _, kept = answer.partition(b"\n")
        return json.loads(head), kept


# The interpreter starts isolated, without the environment's paths; it is told ours as arguments.
_START = (
    "import runpy, sys; paths, program, order = sys.argv[1:-2], sys.argv[-2], sys.argv[-1];"
    "sys.path[:] = paths; sys.argv = [program, order]; runpy.run_module(program, run_name='__main__')"
)


async def _talk(process: asyncio.subprocess.Process, parts: Sequence[bytes]) -> bytes:
    assert process.stdin
    assert process.stdout
    writing = asyncio.create_task(_write(process.stdin, parts))
    answer = bytearray()
    try:
        while chunk := await process.stdout.read(64 * 1024):
            answer += chunk
            if len(answer) > LONGEST_ANSWER:
                process.kill()
                return b""
    finally:
        writing.cancel()
        with suppress(asyncio.CancelledError):
            await writing
    return bytes(answer)


async def _write(to: asyncio.StreamWriter, parts: Sequence[bytes]) -> None:
    # A program that has seen enough closes its end.
    with suppress(BrokenPipeError, ConnectionResetError):
        for part in parts:
            to.write(part)
            await to.drain()
        to.close()


async def _ended(process: asyncio.subprocess.Process) -> None:
    """Also its children, should it have made any."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
