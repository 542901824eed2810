"""Reading the catalogue: names change rarely and are asked for on every page, so they are kept for a minute."""

from datetime import date, datetime, timedelta

from backend.agencies.documents import Agency
from backend.agencies.tree import taken_over
from kernel.clock import Clock
from kernel.http.conditional import digest

KEPT_FOR = timedelta(minutes=1)


async def gone_on(day: date) -> dict[str, str | None]:
    """The agencies that are not there on that day, closed or not begun, each with the one in its place. Hardly any; one read."""
    text = day.isoformat()
    return taken_over(await Agency.find({"$or": [{"valid_to": {"$ne": None}}, {"valid_from": {"$gt": text}}]}).to_list(), day)


async def in_place_of(code: str, day: date) -> str | None:
    """The agency that does the work of this one on that day: itself, or the last of its successors; None when there is none."""
    gone = await gone_on(day)
    if code in gone:
        return gone[code]
    return code if await Agency.find({"_id": {"$eq": code}}).exists() else None


async def wants_pdf(code: str) -> bool:
    """Does this agency want pictures as sheets of paper?"""
    return await Agency.find({"_id": {"$eq": code}, "pictures_as_pdf": True}).exists()


class AgencyNames:
    """The name of each agency; a code nobody knows is its own name."""

    version = ""
    """Another one whenever a name has changed."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._names: dict[str, str] = {}
        self._read_at: datetime | None = None

    async def load(self) -> "AgencyNames":
        """Read the names anew if they are older than a minute."""
        now = self._clock.now()
        if self._read_at is None or now - self._read_at > KEPT_FOR:
            rows = await Agency.get_pymongo_collection().find({}, {"name": 1}).to_list()
            self._names, self._read_at = {row["_id"]: row["name"] for row in rows}, now
            self.version = digest(*sorted(self._names.items()))
        return self

    def __getitem__(self, code: str) -> str:
        return self._names.get(code, code)

    def listed(self) -> list[tuple[str, str]]:
        """Code and name of every agency, by name."""
        return sorted(self._names.items(), key=lambda named: named[1])
