"""How the citizen found the way their dossier went: once it has ended, and to be thought over for a week."""

from datetime import date, datetime, timedelta
from typing import Final, Literal, get_args

import msgspec

from backend.dossiers import states
from backend.dossiers.limits import Rule

RATABLE = frozenset({states.FINISHED, states.RETURNED, states.STOPPED, states.NOT_ACCEPTED})
EDITABLE_DAYS = Rule(amount=7, basis="Quy chế nội bộ", since=date(2025, 7, 1))

ReasonForRating = Literal[
    "on_time", "clear", "friendly", "from_home", "late", "unclear", "unfriendly", "many_trips", "extra_papers"
]


class Reason(msgspec.Struct, frozen=True):
    """A standard reason, and what people call it."""

    vi: str
    en: str


REASONS: Final[dict[str, Reason]] = {
    "on_time": Reason("Đúng hẹn", "On time"),
    "clear": Reason("Hướng dẫn rõ ràng", "Clear guidance"),
    "friendly": Reason("Cán bộ tận tình", "Friendly officials"),
    "from_home": Reason("Không phải đi lại", "Done from home"),
    "late": Reason("Trễ hẹn", "Late"),
    "unclear": Reason("Hướng dẫn khó hiểu", "Unclear guidance"),
    "unfriendly": Reason("Thái độ chưa tốt", "Unfriendly officials"),
    "many_trips": Reason("Phải đi lại nhiều lần", "Too many trips"),
    "extra_papers": Reason("Bị yêu cầu thêm giấy tờ", "Asked for papers not on the list"),
}
assert REASONS.keys() == set(get_args(ReasonForRating))


def editable_until(rated_at: datetime) -> datetime:
    """Until when a rating may be changed: counted from when it was given first."""
    return rated_at + timedelta(days=EDITABLE_DAYS.amount)
