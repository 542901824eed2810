"""The port to a virus scanner: clean, infected, or no answer; nothing else counts as clean (SEC-61)."""

from dataclasses import dataclass
from typing import Protocol


class ScannerUnavailable(Exception):
    """The scanner gave no answer that counts: the file stays where it is and is scanned later."""


@dataclass(frozen=True)
class Infected:
    """Something was found; `name` is what the scanner calls it."""

    name: str


class Scanner(Protocol):
    """Looks for viruses."""

    async def scan(self, content: bytes) -> Infected | None:
        """What was found, or None when the content is clean.

        Raises:
            ScannerUnavailable: there is no answer.
        """
        ...

    async def ping(self) -> str:
        """The scanner's version.

        Raises:
            ScannerUnavailable: it does not answer.
        """
        ...


class NoScanner:
    """Development without a scanner: everything is called clean, and `motcua doctor` says so."""

    async def scan(self, content: bytes) -> Infected | None:  # noqa: ARG002
        return None

    async def ping(self) -> str:
        return "off"
