"""A day of the trail as a file to keep: the rows as JSON lines, compressed, written once and forced to the disk."""

import gzip
import os
from pathlib import Path

from backend.audit.archive import digest_of
from backend.audit.chain import Row, line


class DayArchive:
    """Files of one folder, one a day. Where they go afterwards (tape, write-once storage) is the operator's to say."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, day: str) -> Path:
        """Where a day is kept."""
        return self._folder / f"audit-{day}.jsonl.gz"

    def write(self, day: str, rows: list[Row]) -> str:
        """Keep a day; answers the SHA-256 of its lines. A file a crash left behind is written anew.

        Raises:
            OSError: it could not be kept.
        """
        lines = [line(row) for row in rows]
        draft = self.path(day).with_suffix(".part")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(gzip.compress(b"".join(text + b"\n" for text in lines), mtime=0))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.path(day))
        # The name too has to be on the disk before anything is removed from the database.
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        return digest_of(lines)

    def read(self, day: str) -> list[bytes]:
        """The lines of a day.

        Raises:
            OSError: there is no such file, or it cannot be read.
        """
        with gzip.open(self.path(day), "rb") as file:
            return [text.rstrip(b"\n") for text in file]
