"""How a slice hands itself to the app: everything it brings, in one value."""

import inspect
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, get_type_hints

from litestar.types import ControllerRouterHandler

from kernel.events import Event
from kernel.mongo.document import Stored

Handler = Callable[..., Awaitable[None]]


@dataclass(frozen=True)
class Reaction:
    """When `event` happened, call `handler(event, *services)`; the services are found by their annotated type."""

    event: type[Event]
    handler: Handler

    async def __call__(self, event: Event, services: Mapping[type, object]) -> None:
        hints = get_type_hints(self.handler)
        wanted = list(inspect.signature(self.handler).parameters)[1:]
        await self.handler(event, **{name: services[hints[name]] for name in wanted})


def on(event: type[Event]) -> Callable[[Handler], Reaction]:
    """Make a function the reaction to an event."""
    return lambda handler: Reaction(event, handler)


@dataclass(frozen=True)
class PersonalData:
    """What a slice holds about a citizen, for the citizen's own eyes and for erasure.

    `export(subject)` answers rows ready to be shown to that citizen, whose values may still be sealed; `erase(subject, now)` unsets
    everything by which the subject could be looked up, is repeatable, and answers how many documents it touched.
    """

    name: str
    vi: str
    en: str
    export: Callable[[str], Awaitable[list[dict[str, Any]]]]
    erase: Callable[[str, datetime], Awaitable[int]]


@dataclass(frozen=True)
class Slice:
    """What one slice brings to the app. `dependencies` are what its handlers ask for by name."""

    name: str
    routes: Sequence[ControllerRouterHandler] = ()
    documents: Sequence[type[Stored]] = ()
    reactions: Sequence[Reaction] = ()
    dependencies: Mapping[str, Any] = field(default_factory=dict)
    personal_data: Sequence[PersonalData] = ()
