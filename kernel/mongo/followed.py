"""Documents of which citizens' phones keep copies: whoever changes one says so in the same write, and to whom (ADR 0018).

`kernel.slice.Synced` declares it, `Stored.commit` and `Stored.depart` write the news into the document's own outbox, `backend.sync`
hears it.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from kernel.events import Event


class Changed(Event, frozen=True, kw_only=True, tag="kernel.changed"):
    """A followed document has a new version. `concerns` are the citizens who may have it, `left` those who may no longer.

    `what` is the kind of copy (`dossier`), `item` the document's id.
    """

    what: str
    item: str
    version: int
    concerns: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


@dataclass(frozen=True)
class Followed:
    """What copies of a document are called, and which of its fields names the citizen who has them."""

    what: str
    by: str


Listener = Callable[[Changed], Awaitable[None]]
