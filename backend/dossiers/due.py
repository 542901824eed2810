"""When a dossier is due, and why: its procedure's term, counted from its acceptance, with the pauses its timeline tells of.

A source system's own date wins over the count: the national system's truth is recorded, not corrected (domain.md B3).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, time

from backend.dossiers import states
from backend.dossiers.fold import Entry, in_order
from kernel.deadline import Deadline, Extension, Pause, Term, deadline
from kernel.working_time import WorkingTime


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
