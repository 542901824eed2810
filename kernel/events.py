"""Facts in the past tense. An event is frozen, has an id of its own, and is what other rooms hear of a change."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, cast

import msgspec

from kernel.ids import new_id


class Event(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="event"):
    """Something that has happened.

    A subclass names itself as it is called on the wire:
    `class ResultPublished(Event, frozen=True, kw_only=True, tag="dossier.result_published")`.
    """

    id: str = msgspec.field(default_factory=new_id)
    at: datetime

    @classmethod
    def kind(cls) -> str:
        """The name on the wire."""
        return cast("str", cls.__struct_config__.tag)


def encode(event: Event) -> dict[str, Any]:
    """What the outbox stores: the fields and the kind. Instants stay instants."""
    return cast("dict[str, Any]", msgspec.to_builtins(event, builtin_types=(datetime,)))


def decode(stored: dict[str, Any]) -> Event:
    """What the outbox stored, as the event it was.

    Raises:
        LookupError: no slice of this version knows such an event.
        msgspec.ValidationError: the stored fields no longer fit.
    """
    for event_type in _every(Event):
        if event_type.kind() == stored["kind"]:
            return msgspec.convert(stored, event_type)
    raise LookupError(f"unknown event {stored['kind']!r}")


def _every(event_type: type[Event]) -> Iterator[type[Event]]:
    for subclass in event_type.__subclasses__():
        yield subclass
        yield from _every(subclass)
