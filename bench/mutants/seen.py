"""A pytest plugin (`-p bench.mutants.seen`): which test runs which line of `auth/`, in every thread, and how long it takes.

Writes one JSON object to the file `MUTANTS_SEEN` names: `tests` (id -> seconds, and lines by file) and `modules` (what was imported
that is not ours).
"""

import json
import os
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

ROOT = Path.cwd()
AUTH = str(ROOT / "auth") + os.sep
Trace = Callable[[FrameType, str, Any], Any]


class Seen:
    """What has run while each test did; what a shared fixture runs counts for the test that needed it first."""

    def __init__(self) -> None:
        self.lines: dict[str, dict[str, set[int]]] = {}
        self.seconds: dict[str, float] = {}
        self.failed: set[str] = set()
        self._now: dict[str, set[int]] = defaultdict(set)
        self._names: dict[str, str] = {}

    def begin(self, test: str) -> None:
        self._now = self.lines[test] = defaultdict(set)

    def trace(self, frame: FrameType, _event: str, _argument: Any) -> Trace | None:
        """For `sys.settrace`: lines are asked of ours alone."""
        return self._line if frame.f_code.co_filename.startswith(AUTH) else None

    def _line(self, frame: FrameType, event: str, _argument: Any) -> Trace:
        if event == "line":
            self._now[frame.f_code.co_filename].add(frame.f_lineno)
        return self._line


SEEN = Seen()


def pytest_sessionstart() -> None:
    threading.settrace(SEEN.trace)
    sys.settrace(SEEN.trace)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    SEEN.begin(item.nodeid)
    sys.settrace(SEEN.trace)
    started = time.perf_counter()
    result = yield
    SEEN.seconds[item.nodeid] = time.perf_counter() - started
    return result


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.failed or report.skipped:
        SEEN.failed.add(report.nodeid)


def pytest_sessionfinish() -> None:
    sys.settrace(None)
    ours = {"auth", "backend", "kernel", "notifications", "openapi", "tests", "bench", "__main__"}
    tests = {
        test: {
            "seconds": round(SEEN.seconds[test], 3),
            "lines": {str(Path(file).relative_to(ROOT)): sorted(found) for file, found in lines.items()},
        }
        for test, lines in SEEN.lines.items()
        if test not in SEEN.failed
    }
    modules = sorted(
        name
        for name, module in list(sys.modules.items())
        if name.split(".")[0] not in ours and "site-packages" in str(getattr(module, "__file__", None))
    )
    told = {"tests": tests, "modules": modules, "failed": sorted(SEEN.failed)}
    Path(os.environ["MUTANTS_SEEN"]).write_text(json.dumps(told))
