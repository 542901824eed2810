"""Has anybody bent the trail? Reads all of it once, chain by chain, and names every place that is not as it was written."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import msgspec
from pymongo import ASCENDING

from backend.audit.chain import ANCHORS, Head, Row
from backend.audit.documents import AuditTrail
from backend.audit.inspection import Finding, Link, inspect, link_of, unsound
from backend.audit.retired import retired_days
from backend.audit.shipped import Shipped, chain_of

_IN_ORDER = [("day", ASCENDING), ("chain", ASCENDING), ("seq", ASCENDING)]


class Verdict(msgspec.Struct, frozen=True):
    """What was looked at, and what was found; nothing found means: nothing was changed."""

    records: int
    chains: int
    anchors: int
    findings: list[Finding]

    @property
    def whole(self) -> bool:
        return not self.findings


@dataclass
class _Reading:
    """One pass over the trail."""

    copy: Shipped | None
    progress: Callable[[int], None]
    findings: list[Finding] = field(default_factory=list)
    records: int = 0

    def take(self, row: Row) -> Link:
        link = link_of(row)
        if self.copy:
            self.findings += self.copy.compare(chain_of(row), link.seq, link.hash)
        return link


async def verify(
    trail: AuditTrail,
    *,
    day: str | None = None,
    copy: Shipped | None = None,
    keep: timedelta | None = None,
    now: datetime | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Verdict:
    """Verify the whole trail, or one day of it; against the second copy too where it is given.

    `keep` is how long a day has to stay in the database, held against the moment it was retired; `now` bounds what an anchor may
    claim of that. `progress` hears how many records have been read.
    """
    reading = _Reading(copy, progress)
    anchors = [row async for row in trail.anchors.find(sort=[("_id", ASCENDING)])]
    reading.findings += inspect(ANCHORS, [reading.take(row) for row in anchors])
    heads = _latest_heads(anchors, day)
    retired = retired_days(anchors, now or datetime.max.replace(tzinfo=UTC))
    for gone in retired.values():
        reading.findings += gone.inspect([head for head in heads.values() if head.day == gone.day], keep)
    seen: set[str] = set()
    async for name, links in _chains(trail, day, reading):
        # Of a day that is being removed anything may be left, as long as it is what was written.
        whole = name.partition("/")[0] not in retired
        reading.findings += inspect(name, links, heads.get(name)) if whole else unsound(name, links)
        seen.add(name)
    for name in sorted(heads.keys() - seen):
        if heads[name].day not in retired:
            reading.findings += inspect(name, [], heads[name])
    if copy:
        reading.findings += [*copy.findings, *copy.left(but=retired)]
    return Verdict(reading.records, len(seen), len(anchors), reading.findings)


async def _chains(trail: AuditTrail, day: str | None, reading: _Reading) -> AsyncIterator[tuple[str, list[Link]]]:
    wanted = {"day": {"$eq": day}} if day else {}
    name: str | None = None
    links: list[Link] = []
    async for row in trail.records.find(wanted, sort=_IN_ORDER):
        reading.records += 1
        reading.progress(reading.records)
        if (chain := chain_of(row)) != name:
            if name is not None:
                yield name, links
            name, links = chain, []
        links.append(reading.take(row))
    if name is not None:
        yield name, links


def _latest_heads(anchors: list[Row], day: str | None) -> Mapping[str, Head]:
    """The last that any anchor knows of each chain. A bent anchor is a finding itself, and nothing it says is believed."""
    heads = [Head(**head) for row in anchors if link_of(row).sound for head in row["heads"]]
    return {head.name: head for head in heads if day in (None, head.day)}
