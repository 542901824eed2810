"""Vaults over a key database of the test's own, as many as there are processes in the test."""

from collections.abc import AsyncIterator

import pytest

from kernel.mongo.client import Database, bind, connect
from kernel.personal import CitizenKeys
from kernel.privacy.subjects import Subject, Subjects
from kernel.privacy.vault import Vault
from tests.unit.privacy.cards import KEK, Card, NewVault


@pytest.fixture
async def new_vault(mongodb_uri: str, database: Database) -> AsyncIterator[NewVault]:
    """Makes a vault as another process has it: with its own connection, its own memory, and these master keys."""
    opened = []

    def make(*providers: str, uri: str = mongodb_uri, keys: str = f"{database.name}_keys", expires_ms: int = 10_000) -> Vault:
        client = connect(uri, patience_ms=300)
        names = providers or ("local",)
        held = {name: KEK[name] for name in names}
        vault = Vault(client, keys, providers=held, provider=names[0], key_expiration_ms=expires_ms)
        opened.append((vault, client))
        return vault

    yield make
    for vault, client in opened:
        await vault.close()
        await client.close()


@pytest.fixture
async def vault(new_vault: NewVault, database: Database) -> AsyncIterator[Vault]:
    """The vault the documents are bound to."""
    vault = new_vault()
    await bind(database, [Card, Subject], vault, build_indexes=True)
    yield vault
    await vault.keys.database.client.drop_database(vault.keys.database.name)


@pytest.fixture
def subjects() -> Subjects:
    return Subjects(CitizenKeys(b"x" * 32))
