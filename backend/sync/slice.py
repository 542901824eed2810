"""What sync brings to the app."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from litestar.di import Provide

from backend.sync.actions.bump import Feeds
from backend.sync.api.citizen import Standing, sync_routes
from backend.sync.api.desk import SyncDesk
from backend.sync.bells import Bells
from backend.sync.catalogues import Catalogues, Version
from backend.sync.documents import Feed
from backend.sync.personal_data import PERSONAL_DATA
from backend.sync.queries import FeedReads
from backend.sync.reactions import bump_the_feeds
from backend.sync.token import Tokens
from kernel.clock import Clock
from kernel.mongo.client import Database
from kernel.mongo.document import Stored
from kernel.mongo.reads import PyMongoReads
from kernel.privacy.vault import Vault
from kernel.slice import Slice, Synced


@dataclass(frozen=True)
class Sync:
    """Sync of one process: `slice` for the app, `feeds` for the relay and the migration, `bells` to be closed when it stops."""

    slice: Slice
    synced: Sequence[Synced]
    feeds: Feeds
    bells: Bells

    def start(self) -> None:
        """From now on what this process commits reaches the feeds at once."""
        Stored.listener = self.feeds.hear

    async def stop(self) -> None:
        """Send home who waits."""
        await self.bells.stop()


def build_sync(
    *,
    db: Database,
    vault: Vault,
    key_secret: str,
    synced: Sequence[Synced],
    services: Mapping[type, object],
    standing: Standing,
    clock: Clock,
    catalogues: Mapping[str, Version] = MappingProxyType({}),
) -> Sync:
    """Sync over what the other slices declare. `standing` tells by an access token whether its owner is still signed in.

    `catalogues` says in which version each public list is; where there are any, `catalogue` is one of the kinds.
    """
    for one in synced:
        one.follow()
    reads, feeds = FeedReads(db), Feeds(db)
    bells = Bells(db, reads)
    # Rows too as the majority has them: a phone never keeps what a failover has taken back.
    rows, tokens = PyMongoReads(reads.majority, vault), Tokens(key_secret)
    desk = SyncDesk(
        synced, services, tokens=tokens, reads=reads, row_reads=rows, bells=bells, catalogues=Catalogues(catalogues, clock)
    )
    part = Slice(
        name="sync",
        routes=[sync_routes(desk)],
        documents=[Feed],
        reactions=[bump_the_feeds],
        dependencies={"sync_desk": _given(desk), "standing": _given(standing)},
        personal_data=[PERSONAL_DATA],
    )
    return Sync(part, synced, feeds, bells)


def _given(value: Any) -> Provide:
    return Provide(lambda: value, use_cache=True, sync_to_thread=False)
