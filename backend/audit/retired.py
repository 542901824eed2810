"""Days that have left the database: what their anchor says of them, and whether it was right to let them go."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from backend.audit.chain import Head, Row
from backend.audit.inspection import Finding, inspect, link_of
from backend.audit.shipped import row_of
from kernel.clock import VIETNAM


@dataclass(frozen=True)
class Retired:
    """One day: how each of its chains ended, and the SHA-256 of its archive's lines. `at` is the latest moment it can have gone."""

    day: str
    at: datetime
    heads: Mapping[str, Head]
    sha256: str

    def inspect(self, known: Iterable[Head], keep: timedelta | None) -> list[Finding]:
        """Was the day whole when it went, and old enough? `known` are heads other anchors know of it."""
        found: list[Finding] = []
        for head in known:
            end = self.heads.get(head.name)
            if end is None:
                found.append(Finding("vanished", head.name, "an anchor knows this chain; the day was retired without it"))
            elif end.count < head.count:
                found.append(Finding("cut", f"{head.name}/{end.count + 1}", "an anchor knows more records than were retired"))
            elif end.count == head.count and end.hash != head.hash:
                found.append(Finding("rewritten", f"{head.name}/{end.count}", "an anchor knows another record than was retired"))
        if keep is not None and self.at.astimezone(VIETNAM).date() - date.fromisoformat(self.day) < keep:
            found.append(Finding("retired_early", self.day, "the day left the database before its time"))
        return found

    def inspect_archive(self, lines: Sequence[bytes], digest: str) -> list[Finding]:
        """Is the archive the one that was made when the day went?"""
        found = [] if digest == self.sha256 else [Finding("archive_altered", self.day, "the archive is not what was kept")]
        chains: dict[str, list[Row]] = {}
        for line in lines:
            row = row_of(line)
            chains.setdefault(f"{row.get('day')}/{row.get('chain')}", []).append(row)
        for name, head in self.heads.items():
            found += inspect(name, [link_of(row) for row in chains.get(name, [])], head)
        return found


def retired_days(anchors: Sequence[Row], now: datetime) -> dict[str, Retired]:
    """The days that sound anchors say have left.

    Somebody may write an anchor that claims a far future, so that a young day looks old: no anchor is younger than one after it,
    nor than the present.
    """
    days: dict[str, Retired] = {}
    latest = now
    for row in reversed(anchors):
        if not link_of(row).sound:
            continue
        latest = min(latest, row["at"])
        if told := row.get("retired"):
            heads = [Head(**head) for head in told["heads"]]
            days[told["day"]] = Retired(told["day"], latest, {head.name: head for head in heads}, told["sha256"])
    return days
