"""A document of the kernel tests' own, in a database of the test's own."""

import pytest

from kernel.mongo.client import Database, bind
from kernel.privacy.vault import Vault
from tests.support.lamps import Lamp


@pytest.fixture
async def lamps(database: Database, vault: Vault) -> Database:
    """A database that knows lamps."""
    await bind(database, [Lamp], vault, build_indexes=True)
    return database
