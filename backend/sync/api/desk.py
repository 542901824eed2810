"""What both routes need: the place a token stands for, the changes after it, and the copies that have changed."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from litestar.di import NamedDependency
from litestar.types import Receive

from backend.sync.bells import Bell, Bells
from backend.sync.catalogues import KIND, Catalogues
from backend.sync.errors import SyncTokenExpired, SyncTypeUnknown
from backend.sync.queries import Delta, Entry, FeedReads
from backend.sync.schemas import Wire, wire_of
from backend.sync.token import Position, Tokens
from kernel.errors import FieldError
from kernel.http.schemas import View
from kernel.mongo.reads import Reads
from kernel.slice import Asked, Copies, Synced, services_for

T = TypeVar("T")


@dataclass(frozen=True)
class Place:
    """Where a phone stands, and which kinds of copy it keeps. Without a position it begins."""

    citizen: str
    kinds: tuple[str, ...]
    position: Position | None = None


class SyncDesk:
    """Answers for one process."""

    def __init__(
        self,
        synced: Sequence[Synced],
        services: Mapping[type, object],
        *,
        tokens: Tokens,
        reads: FeedReads,
        row_reads: Reads,
        bells: Bells,
        catalogues: Catalogues,
    ) -> None:
        self.wire: Wire = wire_of(synced, catalogues.names)
        self.tokens, self.reads, self.row_reads, self.bells = tokens, reads, row_reads, bells
        self.catalogues = catalogues
        self._copies: dict[str, Copies] = {
            one.name: partial(one.copies, **services_for(one.copies, services, after=2)) for one in synced
        }

    @property
    def kinds(self) -> tuple[str, ...]:
        return tuple(self.wire.kinds)

    def place(self, citizen: str, since: str | None, types: str | None) -> Place:
        """Where the caller stands. Once chosen the kinds stay, so `types` may be left out beside a token.

        Raises:
            SyncTokenExpired: the token is not this citizen's, not for these kinds, or for kinds there are no more.
            SyncTypeUnknown.
        """
        if since is None:
            return self.beginning(citizen, types)
        asked = self._chosen(types) if types is not None else None
        kinds, position = self.tokens.read(citizen, since)
        if (asked is not None and asked != kinds) or not set(kinds) <= set(self.kinds):
            raise SyncTokenExpired
        return Place(citizen, kinds, position)

    def beginning(self, citizen: str, types: str | None) -> Place:
        """Where somebody stands who has nothing yet.

        Raises:
            SyncTypeUnknown.
        """
        return Place(citizen, self._chosen(types) if types is not None else self.kinds)

    def token(self, place: Place, position: Position) -> str:
        """The token of a place."""
        return self.tokens.issue(place.citizen, place.kinds, position)

    async def changes(self, place: Place, *, limit: int) -> Delta:
        """The changes there are now.

        Raises:
            SyncTokenExpired.
        """
        return await self.reads.changes(place.citizen, place.position, place.kinds, limit=limit)

    async def news(self, place: Place, bell: Bell, *, limit: int, wait_s: float) -> Delta:
        """The changes, or the first that come within `wait_s`; none if none come. The bell hangs already.

        Raises:
            SyncTokenExpired.
        """
        until = asyncio.get_running_loop().time() + wait_s
        while True:
            # What comes between a look and a wait rings the bell.
            delta = await self.changes(place, limit=limit)
            bell.seen = delta.number
            left = until - asyncio.get_running_loop().time()
            if delta.entries or left <= 0 or bell.over:
                return delta
            await bell.wait(left)

    async def catalogue(self, place: Place) -> str:
        """In which versions the catalogues are, as a token remembers it; nothing for who keeps none."""
        return await self.catalogues.digest() if KIND in place.kinds else ""

    async def page(self, asked: Asked, place: Place, delta: Delta) -> View:
        """The answer: one query for each kind that has changed. What cannot be seen any more is deleted."""
        by_kind: defaultdict[str, list[Entry]] = defaultdict(list)
        for entry in delta.entries:
            by_kind[entry.kind].append(entry)
        changes = {kind: await self._one_kind(asked, place, kind, entries) for kind, entries in by_kind.items()}
        if delta.after.catalogue != (place.position.catalogue if place.position else ""):
            changes[KIND] = self.wire.kinds[KIND](**await self.catalogues.versions())
        made: Any = self.wire.page
        page: View = made(
            changes=self.wire.changes(**{kind: found for kind, found in changes.items() if found is not None}),
            next_since=self.token(place, delta.after),
            has_more=delta.has_more,
            reset=place.position is None,
        )
        return page

    async def _one_kind(self, asked: Asked, place: Place, kind: str, entries: Sequence[Entry]) -> View | None:
        seen = await self._copies[kind](asked, [entry.item for entry in entries])
        snapshot_until = place.position.upto if place.position else None
        # Of what was never in this snapshot nobody has a copy to delete.
        deleted = [
            entry.item
            for entry in entries
            if entry.item not in seen and snapshot_until is not None and entry.seq > snapshot_until
        ]  # fmt: skip
        upserted = [seen[entry.item] for entry in entries if entry.item in seen]
        made: Any = self.wire.kinds[kind]
        found: View | None = made(upserted=upserted, deleted=deleted) if upserted or deleted else None
        return found

    def _chosen(self, types: str) -> tuple[str, ...]:
        named = set(types.split(","))
        if unknown := sorted(named - set(self.kinds)):
            raise SyncTypeUnknown(
                errors=[FieldError("types", "unknown", f"not one of {', '.join(self.kinds)}: {', '.join(unknown)}")]
            )
        return tuple(kind for kind in self.kinds if kind in named)


async def while_there(receive: Receive, bell: Bell, work: Awaitable[T]) -> T | None:
    """What `work` comes to; None once the caller has hung up, which ends it."""
    working, leaving = asyncio.ensure_future(work), asyncio.create_task(_until_gone(receive))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        return working.result() if working.done() else None
    finally:
        bell.end()
        for task in (working, leaving):
            task.cancel()
        await asyncio.gather(working, leaving, return_exceptions=True)


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


TheSyncDesk = NamedDependency[SyncDesk]
