"""The API and the worker as child processes: real processes, so that killing one is a real crash, brought up again when it dies."""

import asyncio
import os
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Mapping
from pathlib import Path

from backend.dev.mongod import die_with_parent

# A child that keeps dying is broken, not unlucky.
RESTARTS_A_MINUTE = 20
STOP_TIMEOUT_S = 15.0


class ChildKeepsDying(RuntimeError):
    """A process of the development world dies again and again; its log says why."""


class Child:
    """`python -m backend <command>`, restarted when it dies."""

    def __init__(self, name: str, arguments: list[str], environment: Mapping[str, str], log: Path) -> None:
        self.name, self.log = name, log
        self._command = [sys.executable, "-m", "backend", *arguments]
        self._environment = {**os.environ, **environment}
        self._process: subprocess.Popen[bytes] | None = None
        self._deaths: deque[float] = deque(maxlen=RESTARTS_A_MINUTE)

    @property
    def pid(self) -> int:
        """The process that is running now."""
        assert self._process
        return self._process.pid

    def start(self) -> None:
        """Start it. From the main thread: Linux ends a child with the thread that forked it."""
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                self._command,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_parent(),  # noqa: PLW1509 - one system call, loaded before the fork
            )

    def alive(self) -> bool:
        """Has it not ended?"""
        return self._process is not None and self._process.poll() is None

    def revive(self) -> None:
        """Start it again.

        Raises:
            ChildKeepsDying: it died too often within a minute.
        """
        now = asyncio.get_running_loop().time()
        self._deaths.append(now)
        if len(self._deaths) == RESTARTS_A_MINUTE and now - self._deaths[0] < 60:  # noqa: PLR2004 - seconds of a minute
            raise ChildKeepsDying(f"{self.name} died {RESTARTS_A_MINUTE} times within a minute: see {self.log}")
        self.start()

    def ask_to_stop(self) -> None:
        """SIGTERM: finish what is in hand."""
        if self.alive():
            assert self._process
            self._process.send_signal(signal.SIGTERM)

    async def ended(self) -> None:
        """Wait for its end, by force after fifteen seconds."""
        try:
            async with asyncio.timeout(STOP_TIMEOUT_S):
                while self.alive():  # noqa: ASYNC110 - a child process sets no event
                    await asyncio.sleep(0.05)
        except TimeoutError:
            assert self._process
            self._process.kill()
            self._process.wait()
