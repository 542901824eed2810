"""Where days of the trail are kept once they have left the database: the port, and the hash by which a day is known again."""

import hashlib
from collections.abc import Iterable
from typing import Protocol

from backend.audit.chain import Row


class Archive(Protocol):
    """Keeps days."""

    def write(self, day: str, rows: list[Row]) -> str:
        """Keep a day; it is safe when this returns. Answers `digest_of` its lines.

        Raises:
            OSError: it could not be kept.
        """
        ...

    def read(self, day: str) -> list[bytes]:
        """The lines of a day.

        Raises:
            OSError: there is no such day, or it cannot be read.
        """
        ...


def digest_of(lines: Iterable[bytes]) -> str:
    """SHA-256 of a day's lines, whatever they were compressed with."""
    digest = hashlib.sha256()
    for text in lines:
        digest.update(text + b"\n")
    return digest.hexdigest()
