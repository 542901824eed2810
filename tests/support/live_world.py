"""`motcua up` as a process of its own: what a newcomer starts, for tests that join it or kill parts of it."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
START_TIMEOUT_S = 180.0
STOP_TIMEOUT_S = 60.0
_FIGURES = re.compile(r"worker\.figures.*port\D+(\d+)")
# What a developer's shell may hold must not decide what a test sees.
_FOREIGN = ("MOTCUA_", "MONGODB_URI", "AUTHLIB_INSECURE_TRANSPORT")


@dataclass
class LiveWorld:
    """A world in its directory: started, ended and started again as a test wants. `facts` is what world.json says."""

    data_dir: Path
    facts: dict[str, Any] = field(default_factory=dict)
    _process: subprocess.Popen[bytes] | None = None

    @property
    def file(self) -> Path:
        return self.data_dir / "world.json"

    @property
    def audit_file(self) -> Path:
        """The second copy of its audit trail."""
        return self.data_dir / "audit.jsonl"

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """`motcua up` itself."""
        assert self._process
        return self._process

    def begin(self) -> None:
        """Start `motcua up`, and wait for nothing."""
        # What the life before has left would pass for news of this one.
        self.file.unlink(missing_ok=True)
        command = [sys.executable, "-m", "backend", "up", "--data-dir", str(self.data_dir), "--port", "0"]
        with (self.data_dir / "up.log").open("wb") as log:
            self._process = subprocess.Popen(
                command,
                cwd=ROOT,
                # The worker takes a free port for its figures, and says which.
                env={**environment(), "MOTCUA_AUDIT_FILE": str(self.audit_file), "MOTCUA_METRICS_PORT": "0"},
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
            )

    def start(self) -> None:
        """Up and answering when this returns: that is when world.json is written."""
        self.begin()
        deadline = time.monotonic() + START_TIMEOUT_S
        while not self.file.exists():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"motcua up did not come up: {(self.data_dir / 'up.log').read_text(errors='replace')[-2000:]}")
            time.sleep(0.05)
        self.facts.update(json.loads(self.file.read_bytes()))

    def end(self, how: signal.Signals = signal.SIGINT) -> None:
        """Ctrl-C unless told otherwise; `motcua up` is gone when this returns."""
        if self._process:
            self._process.send_signal(how)
            self._process.wait(STOP_TIMEOUT_S)

    def figures(self) -> str:
        """Where the worker that is running now answers Prometheus."""
        said = _FIGURES.findall((self.data_dir / "worker.log").read_text(errors="replace"))
        return f"http://127.0.0.1:{said[-1]}/metrics"

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
    world = LiveWorld(data_dir)
    try:
        world.start()
        yield world
    finally:
        world.end()
