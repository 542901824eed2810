"""Rows out of numbered lines: JSON lines, or CSV with a heading. What cannot be read is named by its line and stops nothing."""

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import chain

import msgspec

from kernel.lines import Refuse

# How many lines one field of a CSV may run over: a quote that is never closed costs its own line, and not the rest of the file.
LONGEST_FIELD_LINES = 20
DELIMITERS = ",;\t"
BOM = b"\xef\xbb\xbf"
Row = dict[str, str]


def rows(lines: Iterable[tuple[int, bytes]], refuse: Refuse) -> Iterator[tuple[int, Row]]:
    """Each row with the number of its line. The first line says what the file is: `{` begins JSON, anything else is a heading."""
    waiting = iter(lines)
    for number, begins in waiting:
        first = begins.removeprefix(BOM)
        if first.lstrip().startswith(b"{"):
            yield from _json_rows(chain([(number, first)], waiting), refuse)
        else:
            yield from _csv_rows(chain([(number, first)], waiting), refuse)
        return


def _json_rows(lines: Iterator[tuple[int, bytes]], refuse: Refuse) -> Iterator[tuple[int, Row]]:
    for number, line in lines:
        try:
            row = msgspec.json.decode(line, type=dict[str, str | int | float | None], strict=True)
        except (msgspec.DecodeError, UnicodeDecodeError) as broken:
            refuse(number, f"not a JSON object of texts and numbers: {broken}")
        else:
            yield number, {name: "" if value is None else str(value) for name, value in row.items()}


def _csv_rows(lines: Iterator[tuple[int, bytes]], refuse: Refuse) -> Iterator[tuple[int, Row]]:
    ahead: deque[tuple[int, bytes]] = deque()
    heading: list[str] | None = None
    delimiter = ","
    while (taken := ahead.popleft() if ahead else next(lines, None)) is not None:
        number, line = taken
        if heading is None:
            delimiter = max(DELIMITERS, key=lambda mark: line.count(mark.encode()))
        fields = _fields(line, delimiter)
        run_over: list[tuple[int, bytes]] = []
        while fields is None and len(run_over) < LONGEST_FIELD_LINES:
            following = ahead.popleft() if ahead else next(lines, None)
            if following is None:
                break
            run_over.append(following)
            fields = _fields(line + b"".join(more for _, more in run_over), delimiter)
        if fields is None:
            ahead.extendleft(reversed(run_over))
            refuse(number, "not a row of a CSV file in UTF-8: a quote is not closed, or a letter is broken")
        elif heading is None:
            heading = [name.strip() for name in fields]
        elif len(fields) != len(heading):
            refuse(number, f"{len(fields)} fields where the heading names {len(heading)}")
        else:
            yield number, dict(zip(heading, fields, strict=True))


def _fields(raw: bytes, delimiter: str) -> list[str] | None:
    """The fields of one row; None where it is not one, or not all of one."""
    try:
        text = raw.decode()
        return next(csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=True))
    except (UnicodeDecodeError, csv.Error):
        return None
