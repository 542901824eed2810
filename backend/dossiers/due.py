"""When a dossier is due, and why: its procedure's term, counted from its acceptance, with the pauses its timeline tells of.

A source system's own date wins over the count: the national system's truth is recorded, not corrected (domain.md B3).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, time

from backend.dossiers import states
from backend.dossiers.fold import Entry, in_order
from kernel.clock import VIETNAM
from kernel.deadline import Deadline, Extension, Pause, Term, deadline
from kernel.working_time import ZERO, WorkingTime


def pauses_of(entries: Iterable[Entry]) -> list[Pause]:
    """The stretches in which a started clock stood still, in order; the last may be open. `why` is the status behind each."""
    found: list[Pause] = []
    started, since = False, None
    why = ""
    for entry in in_order(list(entries)):
        clock = states.STATUSES[entry.status].clock
        if started and clock == "paused" and since is None:
            since, why = entry.at, entry.status
        elif clock != "paused" and since is not None:
            found.append(Pause(since, entry.at, why))
            since = None
        started = started or clock == "running"
    return [*found, Pause(since, None, why)] if since is not None else found


def told(entries: Sequence[Entry]) -> Entry | None:
    """The entry with the date that a source told last, in the order things happened."""
    return next((entry for entry in reversed(in_order(entries)) if entry.due_at), None)


def resumed(due_at: datetime, paused_at: datetime, now: datetime, working: WorkingTime) -> datetime:
    """A told date after a pause of ours: as much working time as was left is left again, to the end of its last day.

    Raises:
        UnknownYear.
    """
    left = working.elapsed(paused_at, due_at) if due_at > paused_at else ZERO
    return working.closing(working.advance(now, left).astimezone(VIETNAM).date()) if left else due_at


def due_at(
    term: Term | None,
    accepted_at: datetime | None,
    entries: Sequence[Entry],
    working: WorkingTime,
    *,
    extensions: Sequence[Extension] = (),
    cutoff: time | None = None,
) -> datetime | None:
    """When it is due: what was told or decided last, or else by the term; None without either, and while its clock stands still.

    Raises:
        UnknownYear.
    """
    if last := told(entries):
        decided = extensions[-1] if extensions and extensions[-1].at > last.at else None
        return decided.until if decided else last.due_at
    if term is None or accepted_at is None:
        return None
    return counted(accepted_at, term, entries, working, extensions=extensions, cutoff=cutoff).due_at


def counted(
    accepted_at: datetime,
    term: Term,
    entries: Sequence[Entry],
    working: WorkingTime,
    *,
    extensions: Sequence[Extension] = (),
    cutoff: time | None = None,
) -> Deadline:
    """The dossier's deadline by its term.

    Raises:
        UnknownYear: the count leaves the years the calendar knows.
    """
    return deadline(accepted_at, term, working, pauses=pauses_of(entries), extensions=extensions, cutoff=cutoff)
