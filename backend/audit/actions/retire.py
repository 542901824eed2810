"""What has been kept for as long as the law wants leaves the database: a day is archived, its end put on record, then removed.

    verify the day ──> archive it ──> an anchor says "retired: these chains, this archive" ──> remove its records

The anchor is a link of the anchors' own chain, so whoever verifies later knows that the day was there, how long each of its chains
was, and that nobody merely deleted it. A crash at any point leaves a day that the next run finishes. Anchors themselves stay.
"""

import asyncio
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from pymongo import ASCENDING, DESCENDING

from backend.audit.actions.anchor import LOOK_BACK
from backend.audit.actions.verify import verify
from backend.audit.archive import Archive, digest_of
from backend.audit.chain import ANCHORS, Row, genesis, sealed
from backend.audit.documents import AuditTrail
from backend.audit.inspection import Finding
from backend.audit.retired import retired_days
from backend.audit.second_copy import SecondCopy
from kernel.clock import VIETNAM

AT_ONCE = 1_000
# A day is over for every writer once this has passed; nothing younger is ever retired, whatever the table says.
YOUNGEST = LOOK_BACK * 2


class DayIsBent(Exception):
    """This day is not as it was written: it is evidence, and stays."""

    def __init__(self, day: str, findings: list[Finding]) -> None:
        self.day, self.findings = day, findings
        super().__init__(f"{day}: {len(findings)} finding(s)")


async def overdue_days(trail: AuditTrail, keep: timedelta, now: datetime) -> dict[str, int]:
    """The days that have been kept for longer than `keep`, oldest first, and how many records each still has."""
    before = (now - max(keep, YOUNGEST)).astimezone(VIETNAM).date().isoformat()
    days = sorted(await trail.records.distinct("day", {"day": {"$lt": before}}))
    return {day: await trail.records.count_documents({"day": day}) for day in days}


async def check_archives(trail: AuditTrail, archive: Archive, now: datetime) -> list[Finding]:
    """What is wrong with the archives of the days that have left, each held against its anchor."""
    findings: list[Finding] = []
    for day, gone in retired_days(await trail.anchors.find(sort=[("_id", ASCENDING)]).to_list(), now).items():
        try:
            lines = await asyncio.to_thread(archive.read, day)
        except OSError:
            findings.append(Finding("archive_missing", day, "there is no archive of it here, or it cannot be read"))
            continue
        findings += gone.inspect_archive(lines, digest_of(lines))
    return findings


async def retire_day(
    trail: AuditTrail,
    day: str,
    archive: Archive,
    *,
    now: datetime,
    copy: SecondCopy | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> int:
    """Archive and remove one day; answers how many records left. Needs a user of the database that may delete.

    Raises:
        DayIsBent: nothing has been removed.
        OSError: the archive, or the second copy, could not be written; nothing has been removed.
        DuplicateKeyError: somebody else anchored at this moment; nothing has been removed.
    """
    if not await _is_retired(trail, day):
        verdict = await verify(trail, day=day)
        if verdict.findings:
            raise DayIsBent(day, verdict.findings)
        await _put_on_record(trail, day, archive, now, copy)
    removed = 0
    while ids := [row["_id"] for row in await trail.records.find({"day": day}, {"_id": 1}, limit=AT_ONCE).to_list()]:
        removed += (await trail.records.delete_many({"_id": {"$in": ids}})).deleted_count
        progress(removed)
    return removed


async def _is_retired(trail: AuditTrail, day: str) -> bool:
    return await trail.anchors.find_one({"retired.day": day}, {"_id": 1}) is not None


async def _put_on_record(trail: AuditTrail, day: str, archive: Archive, now: datetime, copy: SecondCopy | None) -> None:
    rows = await trail.records.find({"day": day}, sort=[("chain", ASCENDING), ("seq", ASCENDING)]).to_list()
    digest = await asyncio.to_thread(archive.write, day, rows)
    last = await trail.anchors.find_one(sort=[("_id", DESCENDING)])
    seq, before = (last["seq"] + 1, last["hash"]) if last else (1, genesis(ANCHORS))
    today = now.astimezone(VIETNAM).date().isoformat()
    retired = {"day": day, "records": len(rows), "heads": list(_heads(rows)), "sha256": digest}
    # The present heads are repeated: the next ordinary anchor looks at the last one's to see what has grown.
    present = {"heads": (last or {}).get("heads", []), "day": (last or {}).get("day", today)}
    row = sealed({"_id": seq, "seq": seq, "at": now, **present, "retired": retired}, before)
    await trail.anchors.insert_one(row)
    if copy:
        await copy.append([row])


def _heads(rows: list[Row]) -> Iterator[Row]:
    ends = {row["chain"]: row for row in rows}
    for row in ends.values():
        yield {"day": row["day"], "chain": row["chain"], "count": row["seq"], "hash": row["hash"]}
