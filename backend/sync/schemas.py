"""What crosses the wire: structs made of what the slices declare, so that the contract names every kind of copy."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from backend.sync.catalogues import KIND
from kernel.http.schemas import View
from kernel.slice import Synced

_OPTIONS: dict[str, Any] = {"bases": (View,), "module": __name__, "frozen": True, "kw_only": True}


class StreamNews(View, frozen=True, kw_only=True):
    """The data of an event `changed`: which kinds of copy have changed. Ask `GET /v1/sync` for the changes themselves."""

    types: list[str]


@dataclass(frozen=True)
class Wire:
    """The answer's types: `page` is what is sent, `changes` is in it, and in that one of `kinds` for each kind of copy."""

    page: type[View]
    changes: type[View]
    kinds: dict[str, Any]


def wire_of(synced: Sequence[Synced], catalogues: Sequence[str] = ()) -> Wire:
    """The structs of an app with these kinds of copy, and these catalogues."""
    kinds = {one.name: _changes_of(one) for one in synced}
    if catalogues:
        documented = "The catalogues' versions, when one of them is another than last time: fetch that list anew."
        kinds[KIND] = msgspec.defstruct("CatalogueVersions", [(name, str) for name in catalogues], **_documented(documented))
    fields = [(name, struct | UnsetType, UNSET) for name, struct in kinds.items()]
    documented = "What has changed, by the kind of copy. A kind without changes is left out."
    changes: Any = msgspec.defstruct("SyncChanges", fields, **_documented(documented))
    page: Any = msgspec.defstruct(
        "SyncPage",
        [("changes", changes), ("next_since", str), ("has_more", bool), ("reset", bool)],
        **_documented(
            "Some or all of the changes. With `reset` forget all copies before applying it. Ask again with `nextSince`: at once "
            "while `hasMore`. Applying a page twice does no harm."
        ),
    )
    return Wire(page, changes, kinds)


def _changes_of(one: Synced) -> Any:
    fields = [("upserted", list[one.view]), ("deleted", list[str])]  # type: ignore[name-defined]
    documented = f"Copies of the kind `{one.name}`: `upserted` are new or replace what you have, `deleted` are ids to forget."
    made: Any = msgspec.defstruct(f"{one.name.capitalize()}Changes", fields, **_documented(documented))
    return made


def _documented(text: str) -> dict[str, Any]:
    return {**_OPTIONS, "namespace": {"__doc__": text}}
