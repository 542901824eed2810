"""A document of the kernel tests' own, in a database of the test's own."""

import pytest

from kernel.mongo.client import Database, bind
from tests.support.lamps import Lamp


@pytest.fixture
async def lamps(database: Database) -> Database:
    """A database that knows lamps."""
    await bind(database, [Lamp], build_indexes=True)
    return database
