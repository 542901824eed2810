"""What a process asks of its database, counted by the driver itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

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


def watches_sessions(command: Any) -> bool:
    return bool(dict(command).get("filter", {}).get("ended_at", {}).get("$exists"))


@contextmanager
def counted_commands() -> Iterator[Counted]:
    """Listens to every client made inside."""
    listener = Counted()
    monitoring.register(listener)
    yield listener
    monitoring._LISTENERS.command_listeners.remove(listener)
