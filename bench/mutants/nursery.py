"""Forks a test run for each mutant: `python -m bench.mutants.nursery MODULES` reads what to run, a JSON object a line.

The libraries are imported once, here; our own code is imported by each child from the tree, so that it meets the mutant. A child
has a group of its own, and goes whole when its time is over.
"""

import contextlib
import importlib
import json
import os
import signal
import subprocess
import sys
import time
import warnings
from pathlib import Path
from typing import Any

import pytest

LOOK_S = 0.01
ARGUMENTS = ["-q", "-x", "-n", "0", "-W", "ignore::pytest.PytestAssertRewriteWarning", "--timeout", "40"]
# Tests failed, could not be collected, or their conftest could not be imported (pytest.ExitCode); anything else is our own fault.
NOTICED = {1, 2, 4}


def main() -> None:
    sys.dont_write_bytecode = True
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in json.loads(Path(sys.argv[1]).read_text())["modules"]:
            with contextlib.suppress(Exception):
                importlib.import_module(name)
    print("ready", flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        print(json.dumps(_fate(order["tests"], order["seconds"])), flush=True)


def _fate(tests: list[str], seconds: float) -> str:
    """`killed` by a test that failed, `lived` through all of them, `unfinished` when time was over first."""
    child = os.fork()
    if not child:
        _run(tests)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            code = os.waitstatus_to_exitcode(status)
            return "lived" if code == 0 else "killed" if code in NOTICED else f"broken by {code}"
        time.sleep(LOOK_S)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return "unfinished"


def _run(tests: list[str]) -> None:
    """In the child: the tests, and nothing of it is heard but the end."""
    code = 70
    try:
        os.setsid()
        nowhere = os.open(os.environ.get("MUTANTS_LOG", os.devnull), os.O_RDWR | os.O_CREAT | os.O_APPEND)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)
        code = int(pytest.main([*ARGUMENTS, *tests]))
    finally:
        os._exit(code)


class Nursery:
    """The nursery as seen by who asks it, in the tree of the mutants."""

    def __init__(self, python: str, tree: Path, seen: Path, env: dict[str, str]) -> None:
        command = [python, "-m", "bench.mutants.nursery", str(seen)]
        self._process: Any = subprocess.Popen(
            command, cwd=tree, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        assert self._process.stdout
        if self._process.stdout.readline().strip() != "ready":
            raise SystemExit("the nursery did not open")

    def fate(self, tests: list[str], seconds: float) -> str:
        """What becomes of the tree as it stands now."""
        self._process.stdin.write(json.dumps({"tests": tests, "seconds": seconds}) + "\n")
        self._process.stdin.flush()
        return str(json.loads(self._process.stdout.readline()))

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait(10)


if __name__ == "__main__":
    main()
