"""What a process asks of its database, counted by the driver itself."""

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from pymongo import monitoring

# What a process looks after by itself, every second or two, whoever asks.
WATCHED = {"app_state", "signing_keys"}
READS = {"find", "aggregate", "count", "distinct", "getMore"}


class Counted(monitoring.CommandListener):
    """The commands a driver sent."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, Any]] = []

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        self.sent.append((event.command_name, event.command))

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None: ...

    def failed(self, event: monitoring.CommandFailedEvent) -> None: ...

    def names(self) -> list[str]:
        return [name for name, _ in self.sent]

    def reads(self) -> list[str]:
        """Which collections were read, but for what the process looks after by itself."""
        read = [(command.get(name), command) for name, command in self.sent if name in READS]
        return [collection for collection, command in read if collection not in WATCHED and not watches_sessions(command)]


class Moments(Protocol):
    """How much of its work somebody has begun."""

    @property
    def count(self) -> int: ...


async def dies_after(work: Coroutine[Any, Any, Any], moments: Moments, *, begun: int, steps: int) -> None:
    """Somebody begins to work, and after so many moments and steps of the loop all that they have in hand ends at once."""
    others, last = asyncio.all_tasks(), moments.count + begun
    working = asyncio.create_task(work)
    while moments.count < last and not working.done():  # noqa: ASYNC110 - a step of the loop is what is counted
        await asyncio.sleep(0)
    for _ in range(steps):
        await asyncio.sleep(0)
    for _ in range(3):
        its_own = [task for task in asyncio.all_tasks() - others if not task.done()]
        for task in its_own:
            task.cancel()
        await asyncio.gather(*its_own, return_exceptions=True)


def watches_sessions(command: Any) -> bool:
    return bool(dict(command).get("filter", {}).get("ended_at", {}).get("$exists"))


@contextmanager
def counted_commands() -> Iterator[Counted]:
    """Listens to every client made inside."""
    listener = Counted()
    monitoring.register(listener)
    yield listener
    monitoring._LISTENERS.command_listeners.remove(listener)
