"""Bring the dossiers of a source's export in. Broken off, run it again: what is known already is recognised, not written twice."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from itertools import islice
from pathlib import Path

import msgspec

from backend.dossiers.actions.applicant import People
from backend.dossiers.actions.take_in import take_in
from backend.dossiers.errors import ExportRowUnreadable
from backend.dossiers.mapping import Mapping, events_of
from backend.dossiers.rows import rows
from backend.dossiers.told import Told
from kernel.audit import Audit
from kernel.errors import Problem
from kernel.lines import Lines, Refuse
from kernel.principal import Principal

BATCH = 300


class DossierReport(msgspec.Struct, kw_only=True, rename="camel"):
    """What an import did: `read` lines, of which `rejected_lines` were not taken whole, and the events of the others.

    `irregular` events were recorded although the table knows no such step; `known` ones had been told before.
    """

    read: int = 0
    rejected_lines: int = 0
    applied: int = 0
    irregular: int = 0
    known: int = 0


async def import_dossiers(
    path: Path,
    mapping: Mapping,
    *,
    by: Principal,
    now: Callable[[], datetime],
    people: People,
    audit: Audit,
    reject: Refuse,
    progress: Callable[[int], None] = lambda _: None,
) -> DossierReport:
    """Read JSON lines or CSV, plain or gzip, and record what each row tells.

    `reject` is told of every line that was not taken whole, and why; `progress` how many bytes of the file have been read.

    Raises:
        OSError: the file cannot be opened.
    """
    report = DossierReport()

    def refuse(line: int, reason: str) -> None:
        report.rejected_lines += 1
        reject(line, reason)

    lines = Lines(path, refuse)
    found = rows(lines, refuse)
    while batch := list(islice(found, BATCH)):
        told: list[tuple[int, Told]] = []
        for number, row in batch:
            try:
                told += [(number, event) for event in events_of(row, mapping)]
            except ExportRowUnreadable as unreadable:
                refuse(number, in_words(unreadable))
        outcomes = await take_in([event for _, event in told], by=by, now=now(), people=people, audit=audit)
        counts = Counter(outcome.outcome for outcome in outcomes)
        report.applied += counts["applied"]
        report.irregular += counts["irregular"]
        report.known += counts["duplicate"]
        for number, problem in {n: o.problem for (n, _), o in zip(told, outcomes, strict=True) if o.problem}.items():
            refuse(number, in_words(problem))
        progress(lines.position)
    report.read = lines.read
    return report


def in_words(problem: Problem) -> str:
    """What is wrong, field by field where it says so."""
    return "; ".join(f"{error.pointer}: {error.detail}" for error in problem.errors) or str(problem)
