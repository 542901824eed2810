"""Time limits (thời gian giải quyết) as the national portal prints them: `7 Ngày làm việc`, `15 Ngày`, `8 Giờ`, or just `5`."""

import re
from dataclasses import dataclass
from typing import Literal

LimitUnit = Literal["working_days", "calendar_days", "working_hours", "hours", "months"]

# The portal's own column prints these words; "Ngày" alone is a calendar day (domain.md B4, DonViTinh).
UNITS: dict[str, LimitUnit] = {
    "Ngày làm việc": "working_days",
    "Ngày": "calendar_days",
    "Giờ làm việc": "working_hours",
    "Giờ": "hours",
    "Tháng": "months",
}
UNIT_WORDS = "|".join(sorted(UNITS, key=len, reverse=True))
_LIMIT = re.compile(rf"(?P<amount>[0-9]{{1,4}}) (?P<unit>{UNIT_WORDS})")


@dataclass(frozen=True)
class TimeLimit:
    """One limit. `text` is what the source printed; without `amount` and `unit` it could not be read, and only `text` counts."""

    text: str
    amount: int | None = None
    unit: LimitUnit | None = None


def read_limit(text: str) -> TimeLimit:
    """The limit this text states. A number without a unit stays text: five what?"""
    if match := _LIMIT.fullmatch(text):
        return TimeLimit(text, int(match["amount"]), UNITS[match["unit"]])
    return TimeLimit(text)
