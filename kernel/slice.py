"""How a slice hands itself to the app: everything it brings, in one value."""

import inspect
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, get_type_hints

from litestar.types import ControllerRouterHandler

from kernel.events import Event
from kernel.http.schemas import View
from kernel.mongo.document import Stored
from kernel.mongo.followed import Followed
from kernel.mongo.reads import Reads
from kernel.principal import Principal
from kernel.privacy.vault import Vault

Handler = Callable[..., Awaitable[None]]


@dataclass(frozen=True)
class Reaction:
    """When `event` happened, call `handler(event, *services)`; the services are found by their annotated type."""

    event: type[Event]
    handler: Handler

    async def __call__(self, event: Event, services: Mapping[type, object]) -> None:
        await self.handler(event, **services_for(self.handler, services, after=1))


def services_for(handler: Callable[..., Any], services: Mapping[type, object], *, after: int) -> dict[str, object]:
    """What a handler asks for by its annotations, behind its first `after` parameters."""
    hints = get_type_hints(handler)
    return {name: services[hints[name]] for name in list(inspect.signature(handler).parameters)[after:]}


def on(event: type[Event]) -> Callable[[Handler], Reaction]:
    """Make a function the reaction to an event."""
    return lambda handler: Reaction(event, handler)


Withdraw = Callable[[str, Vault, datetime], Awaitable[int]]


@dataclass(frozen=True)
class PersonalData:
    """What a slice holds about a citizen, for the citizen's own eyes and for erasure.

    `export(subject)` answers rows ready to be shown to that citizen, whose values may still be sealed; `erase(subject, now)` unsets
    everything by which the subject could be looked up, is repeatable, and answers how many documents it touched. So does
    `withdrawals[purpose](subject, vault, now)`, which lets go of what was held on the ground of a consent that is no more.
    `told` says what the copy is made of: which fields of which documents, each with everything inside it or as a dotted path. A
    test holds it against the documents (tests/architecture/test_nothing_kept_back.py).
    """

    name: str
    vi: str
    en: str
    export: Callable[[str], Awaitable[list[dict[str, Any]]]]
    erase: Callable[[str, datetime], Awaitable[int]]
    withdrawals: Mapping[str, Withdraw] = field(default_factory=dict)
    told: Mapping[type[Stored], Sequence[str]] = field(default_factory=dict)


def only(*told: Sequence[str]) -> dict[str, int]:
    """The projection that reads what a copy is made of, and not the id."""
    return {"_id": 0, **dict.fromkeys([field for fields in told for field in fields], 1)}


@dataclass(frozen=True)
class Asked:
    """Who asks for copies, in which language, when, and the door to read through."""

    actor: Principal
    language: str
    now: datetime
    reads: Reads


Copies = Callable[..., Awaitable[dict[str, Any]]]


@dataclass(frozen=True)
class Synced:
    """What of a slice phones keep copies of, offline and up to date over `GET /v1/sync` (ADR 0018). This value is all it takes.

    `name` is the kind of copy on the wire, one word. `by` is the field of `document` that holds the citizen's subject
    (`Principal.recipient`); a document whose field changes leaves the one and comes to the other. `copies(asked, ids, *services)`
    answers the views of those of `ids` that the actor may see, by id; services are found by their annotated type. A document is
    changed by `commit` and deleted by `depart`, and by nothing else.
    """

    name: str
    document: type[Stored]
    by: str
    view: type[View]
    copies: Copies

    def __post_init__(self) -> None:
        if not self.document.emits_events:
            raise ValueError(f"{self.document.__name__}: a synced document carries an outbox, set emits_events")

    def follow(self) -> None:
        """From now on every change of the document says whom it concerns."""
        self.document.followed = Followed(self.name, self.by)


@dataclass(frozen=True)
class Slice:
    """What one slice brings to the app. `dependencies` are what its handlers ask for by name."""

    name: str
    routes: Sequence[ControllerRouterHandler] = ()
    documents: Sequence[type[Stored]] = ()
    reactions: Sequence[Reaction] = ()
    dependencies: Mapping[str, Any] = field(default_factory=dict)
    personal_data: Sequence[PersonalData] = ()
    synced: Sequence[Synced] = ()
