"""A database for the synchronous driver, which the authorization server's worker threads use."""

from collections.abc import Iterator
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.database import Database

from kernel.ids import new_id


@pytest.fixture
def sync_database(mongodb_uri: str) -> Iterator[Database[dict[str, Any]]]:
    with MongoClient[dict[str, Any]](mongodb_uri, tz_aware=True) as client:
        db = client[f"families_{new_id()}"]
        yield db
        client.drop_database(db.name)
