"""`motcua up` as a process of its own: what a newcomer starts, for tests that join it or kill parts of it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
START_TIMEOUT_S = 90.0
# What a developer's shell may hold must not decide what a test sees.
_FOREIGN = ("MOTCUA_", "MONGODB_URI", "AUTHLIB_INSECURE_TRANSPORT")


@dataclass
class LiveWorld:
    """A running world."""

    data_dir: Path
    facts: dict[str, Any]

    @property
    def file(self) -> Path:
        return self.data_dir / "world.json"

    def pid(self, name: str) -> int:
        """The process that is the `api` or the `worker` now."""
        return int(json.loads((self.data_dir / "pids.json").read_bytes())[name])

    def kill(self, name: str) -> int:
        """kill -9; answers the process that is no more. The supervisor starts another."""
        pid = self.pid(name)
        os.kill(pid, signal.SIGKILL)
        return pid


def environment() -> dict[str, str]:
    """This process's environment without anything that would configure the product."""
    return {name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN)}


def motcua(*arguments: str | Path, timeout_s: float = 60, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a person would."""
    command = [sys.executable, "-m", "backend", *(str(a) for a in arguments)]
    env = {**environment(), **variables}
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=timeout_s, check=False)


@contextmanager
def live(data_dir: Path) -> Iterator[LiveWorld]:
    """A world in `data_dir`, up when this begins and gone when it ends."""
    log = (data_dir / "up.log").open("wb")
    command = [sys.executable, "-m", "backend", "up", "--data-dir", str(data_dir), "--port", "0"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
    try:
        yield LiveWorld(data_dir, _facts(process, data_dir))
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)
        log.close()


def _facts(process: subprocess.Popen[bytes], data_dir: Path) -> dict[str, Any]:
    """world.json, once it is there: it is written when everything answers."""
    deadline, file = time.monotonic() + START_TIMEOUT_S, data_dir / "world.json"
    while not file.exists():
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"motcua up did not come up: {(data_dir / 'up.log').read_text(errors='replace')[-2000:]}")
        time.sleep(0.05)
    return dict(json.loads(file.read_bytes()))
