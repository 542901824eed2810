"""Whose data it is: an opaque random id for each citizen, found by the keyed hash of a personal number, let go of on erasure.

The id is what dossiers, notices and keys carry. Nothing about a citizen can be computed from it, and a citizen who comes back after
an erasure gets a new one.
"""

from datetime import datetime
from typing import ClassVar

from beanie.odm.fields import IndexModelField
from pymongo import ASCENDING, IndexModel, ReturnDocument
from pymongo.errors import DuplicateKeyError

from kernel.errors import Unavailable
from kernel.ids import new_id
from kernel.mongo.document import Stored
from kernel.personal import CitizenKeys

TRIES = 5


class Subject(Stored):
    """A data subject. `citizen` is the keyed hash of the personal number, absent once erased."""

    citizen: str | None = None
    erased_at: datetime | None = None

    class Settings:
        name = "subjects"
        indexes: ClassVar[list[IndexModelField | IndexModel]] = [
            IndexModel([("citizen", ASCENDING)], unique=True, partialFilterExpression={"citizen": {"$exists": True}}),
        ]


class Subjects:
    """Finds or makes the subject of a personal number."""

    def __init__(self, citizen_keys: CitizenKeys) -> None:
        self._keys = citizen_keys

    async def of(self, personal_number: str) -> str:
        """The subject's id, the same for the same number until it is erased.

        Raises:
            PersonalNumberMalformed: it is neither 12 nor 9 digits.
        """
        citizen = self._keys.key(personal_number)
        collection = Subject.get_pymongo_collection()
        for _ in range(TRIES):
            try:
                found = await collection.find_one_and_update(
                    {"citizen": citizen},
                    {"$setOnInsert": {"_id": "s_" + new_id(), "version": 1}},
                    projection={"_id": 1},
                    upsert=True,
                    return_document=ReturnDocument.AFTER,
                )
            except DuplicateKeyError:
                continue
            assert found
            return str(found["_id"])
        raise Unavailable

    async def forget(self, subject: str, *, now: datetime) -> None:
        """Cut the link from a personal number to this subject. Repeatable."""
        await Subject.get_pymongo_collection().update_one(
            {"_id": subject}, {"$unset": {"citizen": ""}, "$set": {"erased_at": now}, "$inc": {"version": 1}}
        )
