"""A vault with a master key of its own, its keys beside the test's data and gone afterwards."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from kernel.mongo.client import Database
from kernel.privacy.vault import Vault


@asynccontextmanager
async def vault_beside(db: Database) -> AsyncIterator[Vault]:
    """The vault of what is stored in `db`; index it with `bind`, or `prepare` it."""
    keys = f"{db.name}_keys"
    vault = Vault(db.client, keys, providers={"local": {"key": secrets.token_bytes(96)}}, provider="local")
    yield vault
    await vault.close()
    await db.client.drop_database(keys)
