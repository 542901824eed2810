"""Waiting for what another process or task will do, with a deadline instead of a nap."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")
PATIENCE_S = 30


async def until(look: Callable[[], Awaitable[T]], *, patience_s: float = PATIENCE_S) -> T:
    """The first thing worth anything that `look` finds.

    Raises:
        TimeoutError: it found nothing in time.
    """
    async with asyncio.timeout(patience_s):
        while not (found := await look()):  # noqa: ASYNC110 - what is waited for is in another process, and sets no event
            await asyncio.sleep(0.01)
    return found
