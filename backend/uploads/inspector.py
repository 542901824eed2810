"""The port to whoever opens foreign files: it does so where a file that bites can hurt nobody (SEC-57)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Accepted:
    """What is to be kept: the cleaned picture, or the document as it came."""

    media_type: str
    content: bytes


@dataclass(frozen=True)
class Refused:
    """Why a file is not taken: a code of `states.REASONS`."""

    reason: str


class InspectorFailed(Exception):
    """The inspector itself could not be started or talked to: that says nothing about the file."""


class Inspector(Protocol):
    """Opens files."""

    async def inspect(self, content: bytes, *, name: str, media_type: str) -> Accepted | Refused:
        """Look into a file, and clean it.

        Raises:
            InspectorFailed: it was not looked at.
        """
        ...

    async def paper(self, pictures: Sequence[bytes]) -> bytes:
        """Cleaned pictures as one PDF, a sheet of A4 each, in this order.

        Raises:
            InspectorFailed: that could not be done.
        """
        ...
