"""What the second copy says, to hold against the database: a row is known by its chain and place."""

from collections.abc import Collection, Iterable, Iterator

import msgspec

from backend.audit.chain import ANCHORS, Row, name_of
from backend.audit.inspection import Finding, link_of


class Shipped:
    """The hashes of a copy's lines, by chain and place. Lines of other days than `day` are left out, anchors never."""

    def __init__(self, lines: Iterable[bytes], *, day: str | None = None) -> None:
        self._hashes: dict[str, dict[int, str]] = {}
        self.findings: list[Finding] = []
        for number, line in enumerate(lines, start=1):
            self._take(number, line, day)

    def _take(self, number: int, line: bytes, day: str | None) -> None:
        row = row_of(line)
        link = link_of(row)
        if not link.sound:
            self.findings.append(Finding("copy_altered", f"copy, line {number}", "the line is not what was written here"))
        elif "chain" not in row or day in (None, row["day"]):
            self._hashes.setdefault(chain_of(row), {})[link.seq] = link.hash

    def compare(self, name: str, seq: int, found: str) -> Iterator[Finding]:
        """A row of the database, which is thereby ticked off."""
        known = self._hashes.get(name)
        if known is None:
            return
        copied = known.pop(seq, None)
        if copied is None:
            yield Finding(
                "copy_lacks", f"{name}/{seq}", "the copy has this chain but not this record: it was put in, or never shipped"
            )
        elif copied != found:
            yield Finding("copy_differs", f"{name}/{seq}", "the copy has another record here")

    def left(self, but: Collection[str] = ()) -> Iterator[Finding]:
        """What the copy has and the database has not, `but` for days that have left it."""
        for name, rest in self._hashes.items():
            if name.partition("/")[0] in but:
                continue
            for seq in sorted(rest):
                yield Finding("missing", f"{name}/{seq}", "the copy has this record, the database has not")


def chain_of(row: Row) -> str:
    """The name of the chain a row belongs to; anchors are one."""
    return name_of(str(row["day"]), str(row["chain"])) if "chain" in row else ANCHORS


def row_of(line: bytes) -> Row:
    """The row of a line; an empty one where it is none."""
    try:
        row = msgspec.json.decode(line)
    except msgspec.DecodeError:
        return {}
    return row if isinstance(row, dict) else {}
