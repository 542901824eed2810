"""Vietnam's working calendar: the `holidays` package as seed, corrected by what the state announced and the package misses."""

from datetime import date, datetime
from functools import lru_cache
from importlib.metadata import version

import holidays

from kernel.calendar import SATURDAY, Calendar, Override

FIRST_YEAR = 2024
# A promise given at the end of a year falls due in the next one.
YEARS_AHEAD = 2

# domain.md D5: document 12729/VPCP-KGVX of 2025-12-25 swaps Friday 2 January 2026 against Saturday 10 January.
ANNOUNCED = (
    Override(date(2026, 1, 2), works=False, document="12729/VPCP-KGVX"),
    Override(date(2026, 1, 10), works=True, document="12729/VPCP-KGVX"),
)


@lru_cache
def state_calendar(last_year: int) -> Calendar:
    """The calendar of 2024 to `last_year`. Tết and National Day of a year not yet announced are the package's estimate."""
    years = range(FIRST_YEAR, last_year + 1)
    seed = holidays.country_holidays("VN", years=years, language="vi")
    closed = frozenset(day for day in seed if day.weekday() < SATURDAY)
    worked = frozenset(seed.weekend_workdays)
    why = {**dict.fromkeys(worked, "Ngày làm việc bù"), **seed}
    return Calendar(years, closed, worked, why, f"vn-{version('holidays')}-{len(ANNOUNCED)}").overridden(ANNOUNCED)


def calendar_at(now: datetime) -> Calendar:
    """The calendar that promises given now are counted by."""
    return state_calendar(now.year + YEARS_AHEAD)
