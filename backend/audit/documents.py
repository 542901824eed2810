"""What is stored of the audit: two collections in a database of their own, whose user can neither update nor delete."""

from dataclasses import dataclass
from typing import Any, Self

from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.read_concern import ReadConcern

from backend.audit.chain import ANCHORS, Row
from kernel.mongo.client import Client

RECORDS = "records"

_LATEST_FIRST = [("at", DESCENDING), ("_id", DESCENDING)]
# One for each question: is the chain whole, who looked at me, what did they do, what was done to it, what in my office?
_INDEXES = [
    IndexModel([("day", ASCENDING), ("chain", ASCENDING), ("seq", ASCENDING)], unique=True),
    IndexModel([("subjects", ASCENDING), *_LATEST_FIRST]),
    IndexModel([("actor.id", ASCENDING), *_LATEST_FIRST]),
    IndexModel([("object", ASCENDING), *_LATEST_FIRST]),
    IndexModel([("agency", ASCENDING), *_LATEST_FIRST]),
    IndexModel(_LATEST_FIRST),
]


@dataclass(frozen=True)
class AuditTrail:
    """The trail as it lies in the database.

    A record: `_id` (`day/chain/seq`), `day` (in Vietnam), `chain` (one writer's run), `seq`, `at`, `actor` {`id`, `kind`, `client`,
    `roles`, and of officials the `name`}, `action`, `object`, `subjects`, `fields` (names, never values), `changes` [{`field`,
    `before`, `after`}] with personal values as {`sealed`: ciphertext}, `result`; where known `agency`, `purpose`, `trace_id`,
    `network`; `prev_hash`, `hash`. An anchor: `_id`, `seq`, `at`, `day`, `heads`, `prev_hash`, `hash`.
    """

    records: AsyncCollection[Row]
    anchors: AsyncCollection[Row]

    @classmethod
    def of(cls, client: Client, database: str) -> Self:
        """The trail in this database, which holds nothing else."""
        # Majority: an anchor must never know a record that a failover takes back.
        collections: Any = client[database]
        options = {"read_concern": ReadConcern("majority")}
        return cls(collections.get_collection(RECORDS, **options), collections.get_collection(ANCHORS, **options))

    async def prepare(self) -> None:
        """Build the indexes: a migration's business, or `motcua audit role`'s where the trail has a user of its own."""
        await self.records.create_indexes(_INDEXES)
        # An empty collection can be granted rights on, and read with majority, only once it is there.
        if ANCHORS not in await self.anchors.database.list_collection_names():
            await self.anchors.database.create_collection(ANCHORS)
