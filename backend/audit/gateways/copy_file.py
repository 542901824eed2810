"""The second copy as a file of JSON lines, forced to the disk: for a log shipper to carry away, or write-once storage to hold."""

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path

from backend.audit.chain import Row, line


class FileCopy:
    """Appends to one file. Several processes may: each call is one write to the end of it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def append(self, rows: Sequence[Row]) -> None:
        """Write the rows and wait for the disk.

        Raises:
            OSError: they could not all be written.
        """
        await asyncio.to_thread(self._write, b"".join(line(row) + b"\n" for row in rows))

    def _write(self, lines: bytes) -> None:
        file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            # A write cut short by a full disk is repaired by the next line break; the verification names the broken line.
            if os.write(file, lines) != len(lines):
                os.write(file, b"\n")
                raise OSError(f"{self._path}: written in part only")
            os.fsync(file)
        finally:
            os.close(file)
