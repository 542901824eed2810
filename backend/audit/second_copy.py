"""The second copy (SEC-70): every record and anchor once more, out of the database's reach. Whoever bends one has to bend both."""

from collections.abc import Sequence
from typing import Protocol

from backend.audit.chain import Row


class SecondCopy(Protocol):
    """Where rows are written a second time."""

    async def append(self, rows: Sequence[Row]) -> None:
        """Keep the rows; they are safe when this returns.

        Raises:
            OSError: they are not.
        """
        ...
