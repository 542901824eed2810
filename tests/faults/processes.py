"""Who descends from a process, and who of them is still there, as Linux tells in /proc."""

from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
GONE = frozenset("ZX")


@dataclass(frozen=True)
class Process:
    """A process; `started` tells it from another one that got its number later."""

    pid: int
    parent: int
    started: int
    command: str

    @property
    def alive(self) -> bool:
        # By then it may well have another parent: orphans are handed on.
        now = seen(self.pid)
        return now is not None and now.started == self.started


def seen(pid: int) -> Process | None:
    """The process of this number; None when there is none, or only what its parent has not yet buried."""
    try:
        stat = (PROC / str(pid) / "stat").read_text(encoding="utf-8")
        command = (PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return None
    # proc_pid_stat(5): the name in brackets may hold anything, and what follows it is counted from 3.
    state, parent, *others = stat.rpartition(")")[2].split()
    return None if state in GONE else Process(pid, int(parent), int(others[17]), command)


def descendants(pid: int) -> list[Process]:
    """Its children and theirs."""
    everybody = [one for entry in PROC.iterdir() if entry.name.isdecimal() and (one := seen(int(entry.name)))]
    family, found = {pid}, list[Process]()
    while children := [one for one in everybody if one.parent in family and one.pid not in family]:
        found += children
        family |= {child.pid for child in children}
    return found
