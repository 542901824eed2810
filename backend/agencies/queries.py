"""Reading the catalogue: names change rarely and are asked for on every page, so they are kept for a minute."""

from datetime import date, datetime, timedelta

from backend.agencies.documents import Agency
from kernel.clock import Clock
from kernel.http.conditional import digest

KEPT_FOR = timedelta(minutes=1)
# More mergers than any office has lived through; a circle ends here too.
MOST_HEIRS = 8


async def in_place_of(code: str, day: date) -> str | None:
    """The agency that does the work of this one on that day: itself, or the last of its successors; None when there is none."""
    for _ in range(MOST_HEIRS):
        agency = await Agency.get(code)
        if agency is None:
            return None
        if agency.exists_on(day):
            return agency.id
        if agency.successor is None:
            return None
        code = agency.successor
    return None


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
