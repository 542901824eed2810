"""The database itself refuses to change the trail, whatever our code would try."""

from collections.abc import AsyncIterator

import pytest
from pymongo.errors import OperationFailure

from backend.audit.actions.anchor import anchor
from backend.audit.actions.follow import follow
from backend.audit.actions.record import AuditLog
from backend.audit.actions.restrict import ROLE, restrict
from backend.audit.actions.verify import verify
from backend.audit.chain import Row
from backend.audit.documents import AuditTrail
from backend.audit.queries import Wanted, page_of_records
from kernel.clock import TestClock
from kernel.mongo.client import Database, connect
from tests.support.audit_trail import EVENING, LAN, viewed
from tests.support.guarded_mongod import PASSWORD, guarded_mongod
from tests.support.officials import HOA

pytestmark = pytest.mark.anyio

UNAUTHORIZED = 13


@pytest.fixture(scope="module")
async def restricted(anyio_backend: str) -> AsyncIterator[AuditTrail]:
    """The trail over a connection that has the role and no other."""
    async with guarded_mongod() as root:
        async with connect(root) as client:
            database = await restrict(AuditTrail.of(client, "motcua_audit"))
            assert await restrict(AuditTrail.of(client, "motcua_audit")) == database, "it can be repeated"
            await client.admin.command("createUser", "audit", pwd=PASSWORD, roles=[{"role": ROLE, "db": database}])
        async with connect(root.replace("root:", "audit:")) as client:
            yield AuditTrail.of(client, "motcua_audit")


@pytest.mark.proves("SEC-68")
async def test_the_audit_user_records_anchors_reads_and_verifies(restricted: AuditTrail) -> None:
    await AuditLog(restricted, TestClock(EVENING)).record(HOA, viewed())
    assert await anchor(restricted, now=EVENING)
    rows, _ = await page_of_records(restricted, Wanted(subject=LAN), limit=10)
    assert len(rows) == 1
    assert (await verify(restricted)).whole


@pytest.mark.proves("SEC-70")
async def test_the_audit_users_rights_are_enough_to_hand_records_on(restricted: AuditTrail, database: Database) -> None:
    await AuditLog(restricted, TestClock(EVENING)).record(HOA, viewed())
    handed_on: list[Row] = []

    async def take(rows: list[Row]) -> None:
        handed_on.extend(rows)

    await follow(restricted, database, "syslog", take)
    assert len(handed_on) == await restricted.records.count_documents({}) + await restricted.anchors.count_documents({})


@pytest.mark.proves("SEC-68")
@pytest.mark.parametrize("name", ["records", "anchors"])
async def test_the_audit_user_can_change_nothing(restricted: AuditTrail, name: str) -> None:
    collection = getattr(restricted, name)
    attempts = [
        lambda: collection.update_one({}, {"$set": {"action": "x"}}),
        lambda: collection.update_one({"_id": "new"}, {"$set": {"action": "x"}}, upsert=True),
        lambda: collection.replace_one({}, {}),
        lambda: collection.find_one_and_delete({}),
        lambda: collection.delete_one({}),
        lambda: collection.delete_many({}),
        collection.drop,
        lambda: collection.rename("elsewhere"),
        collection.drop_indexes,
        lambda: collection.create_index("at", expireAfterSeconds=1),
        lambda: collection.aggregate([{"$match": {}}, {"$out": name}]),
        lambda: collection.database.command("collMod", name, validator={}),
        lambda: collection.database.client.drop_database("motcua_audit"),
        collection.database.client["motcua"]["dossiers"].find_one,
    ]
    for attempt in attempts:
        with pytest.raises(OperationFailure) as refused:
            await attempt()
        assert refused.value.code == UNAUTHORIZED
