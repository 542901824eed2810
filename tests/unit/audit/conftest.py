"""An empty audit trail of the test's own, beside a database nobody fills."""

from collections.abc import AsyncIterator

import pytest

from backend.audit.documents import AuditTrail
from kernel.ids import new_id
from kernel.mongo.client import connect


@pytest.fixture
async def trail(mongodb_uri: str) -> AsyncIterator[AuditTrail]:
    async with connect(mongodb_uri) as client:
        trail = AuditTrail.of(client, f"test_{new_id()}_audit")
        await trail.prepare()
        yield trail
        await client.drop_database(trail.records.database.name)
