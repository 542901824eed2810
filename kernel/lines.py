"""A long file of lines, plain or gzip, read one by one: what cannot be read is named with its number and stops nothing."""

import gzip
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

import msgspec

# Nothing longer than this is read into memory as one.
LONGEST_LINE = 2 * 1024 * 1024
_GZIP_MAGIC = b"\x1f\x8b"


class BrokenLine(msgspec.Struct, frozen=True, rename="camel"):
    """A line that could not be taken, and why. Lines count from 1."""

    line: int
    reason: str


Refuse = Callable[[int, str], None]


class Lines:
    """The lines of a file, with their numbers; blank ones are skipped.

    `refuse` is told of a line that is too long and of a compressed file that breaks off. `read` counts
    the lines so far, `position` the bytes of the file.
    """

    def __init__(self, path: Path, refuse: Refuse) -> None:
        self._path, self._refuse = path, refuse
        self.read = self.position = 0

    def __iter__(self) -> Iterator[tuple[int, bytes]]:
        number = 0
        with self._opened() as (file, stream):
            try:
                while line := stream.readline(LONGEST_LINE):
                    number, self.position = number + 1, file.tell()
                    self.read += bool(line.strip())
                    if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
                        self._refuse(number, f"longer than {LONGEST_LINE} bytes")
                        while (rest := stream.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
                            pass
                    elif line.strip():
                        yield number, line
            except (EOFError, gzip.BadGzipFile, zlib.error) as cut:
                self._refuse(number + 1, f"the compressed file breaks off here: {cut}")

    @contextmanager
    def _opened(self) -> Iterator[tuple[BinaryIO, BinaryIO]]:
        with self._path.open("rb") as plain:
            zipped = plain.read(len(_GZIP_MAGIC)) == _GZIP_MAGIC
            plain.seek(0)
            if not zipped:
                yield plain, plain
                return
            with gzip.open(plain) as unzipped:
                yield plain, cast("BinaryIO", unzipped)
