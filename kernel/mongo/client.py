"""The one way to the database: majority writes, aware datetimes, documents bound, indexes built."""

from collections.abc import Sequence
from typing import Any

from beanie import init_beanie
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

from kernel.mongo.document import Stored
from kernel.privacy.field import TYPES
from kernel.privacy.vault import Vault

Client = AsyncMongoClient[dict[str, Any]]
Database = AsyncDatabase[dict[str, Any]]

OUTBOX_INDEX = "outbox_pending"


def connect(uri: str, *, patience_ms: int = 5_000) -> Client:
    """A client whose acknowledged writes are on the majority's journal, so that they survive a kill -9 (I2).

    `patience_ms` is how long it looks for a primary before it gives up; a failover takes a few seconds.
    """
    return AsyncMongoClient(
        uri, tz_aware=True, w="majority", journal=True, serverSelectionTimeoutMS=patience_ms, type_registry=TYPES
    )


async def bind(db: Database, documents: Sequence[type[Stored]], vault: Vault, *, build_indexes: bool) -> None:
    """Tie the document classes to `db` and `vault`; build their indexes where asked (a migration's business, not every start's)."""
    Stored.vault = vault
    await init_beanie(db, document_models=list(documents), skip_indexes=not build_indexes)
    if not build_indexes:
        return
    await vault.prepare()
    for document in documents:
        if document.emits_events:
            # Partial: only documents with something to relay are in it, so looking for work costs nothing when there is none.
            await document.get_pymongo_collection().create_index(
                "outbox.at", name=OUTBOX_INDEX, partialFilterExpression={"outbox.at": {"$exists": True}}
            )
