"""The sessions of an official who has left (SEC-33): ended by whoever keeps the directory, who knows an address and no more."""

from anyio.to_thread import run_sync

from auth.documents import Person
from auth.sessions.families import Families


class StaffSessions:
    """Sessions by official address."""

    def __init__(self, families: Families) -> None:
        self._families = families

    async def end(self, email: str, reason: str) -> int:
        """End every session of whoever signs in under this address; answers how many there were."""
        people = Person.get_pymongo_collection().find({"email": {"$eq": email.casefold()}, "kind": "staff"}, {"_id": 1})
        return sum([await run_sync(self._families.end_all, person["_id"], reason) async for person in people])
