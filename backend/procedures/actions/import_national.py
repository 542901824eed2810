"""Bring the national portal's list into the catalogue. Repeatable: what has not changed is not written."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from pymongo import UpdateOne

from backend.procedures.documents import Procedure
from backend.procedures.errors import RowUnreadable
from backend.procedures.national import ProcedureFacts, read_line
from backend.procedures.search import keys_of
from kernel.lines import BrokenLine, Lines

BATCH = 200
MOST_NAMED = 1_000
# Raise it when the reading of a row changes: then the next import writes every procedure anew.
READING = 1


class ImportReport(msgspec.Struct, kw_only=True, rename="camel"):
    """What an import did.

    `with_limit` counts procedures with a limit that has amount and unit, `with_fee` those with a fee in đồng (0 included);
    `unread` counts limits and fees, channel by channel, that were kept as text because they cannot be read for certain; `broken`
    names at most a thousand of the lines that `broken_lines` counts.
    """

    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    broken_lines: int = 0
    duplicates: int = 0
    with_limit: int = 0
    without_limit: int = 0
    with_fee: int = 0
    unread: int = 0
    broken: list[BrokenLine] = []

    def refuse(self, line: int, reason: str) -> None:
        """Note a line that is not taken."""
        self.broken_lines += 1
        if len(self.broken) < MOST_NAMED:
            self.broken.append(BrokenLine(line, reason))


async def import_national(path: Path, *, now: datetime, progress: Callable[[int], None] = lambda _: None) -> ImportReport:
    """Read JSON lines, plain or gzip, and write what is new or changed.

    A broken line is named and stops nothing. Of two lines with one code the first counts, so that a second run changes nothing.
    `progress` is told how many lines have been read, after every batch.

    Raises:
        OSError: the file cannot be opened.
    """
    report, first_seen = ImportReport(), dict[str, int]()
    batch: list[Procedure] = []
    lines = Lines(path, report.refuse)
    for number, line in lines:
        try:
            facts = read_line(line)
        except RowUnreadable as unreadable:
            report.refuse(number, unreadable.detail or "")
            continue
        if (first := first_seen.setdefault(facts.code, number)) != number:
            report.duplicates += 1
            report.refuse(number, f"procedure {facts.code} already stood in line {first}")
            continue
        _count(facts, report)
        batch.append(_document(facts, line, now))
        if len(batch) == BATCH:
            await _write(batch, report)
            batch.clear()
            progress(lines.read)
    await _write(batch, report)
    report.read = lines.read
    progress(lines.read)
    return report


def _count(facts: ProcedureFacts, report: ImportReport) -> None:
    channels = facts.channel_table.channels
    has_limit = any(limit.unit for channel in channels for limit in channel.time_limits)
    report.with_limit += has_limit
    report.without_limit += not has_limit
    report.with_fee += any(fee.amount is not None for channel in channels for fee in channel.fees)
    report.unread += sum(channel.unread for channel in channels) + bool(facts.channel_table.rest)


def _document(facts: ProcedureFacts, line: bytes, now: datetime) -> Procedure:
    fields = {name: getattr(facts, name) for name in facts.__dataclass_fields__ if name not in ("code", "channel_table")}
    return Procedure(
        id=facts.code,
        **fields,
        channels=facts.channel_table.channels,
        channels_rest=facts.channel_table.rest,
        search=keys_of(facts.name, facts.field),
        source_hash=hashlib.sha256(b"%d %s" % (READING, line.strip())).hexdigest(),
        updated_at=now,
    )


async def _write(batch: list[Procedure], report: ImportReport) -> None:
    """Create and update in one round trip; `version` counts the changes of each procedure."""
    if not batch:
        return
    collection = Procedure.get_pymongo_collection()
    found = collection.find({"_id": {"$in": [procedure.id for procedure in batch]}}, {"source_hash": 1})
    known: dict[str, Any] = {row["_id"]: row["source_hash"] async for row in found}
    changed = [procedure for procedure in batch if known.get(procedure.id) != procedure.source_hash]
    report.unchanged += len(batch) - len(changed)
    if not changed:
        return
    done = await collection.bulk_write(
        [UpdateOne({"_id": p.id}, {"$set": _stored(p), "$inc": {"version": 1}}, upsert=True) for p in changed], ordered=False
    )
    report.created += done.upserted_count
    report.updated += done.matched_count


def _stored(procedure: Procedure) -> dict[str, Any]:
    fields: dict[str, Any] = procedure.model_dump(exclude={"id", "version", "revision_id"}, exclude_none=True)
    return fields
