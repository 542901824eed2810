"""How often and how soon: every legal number with the paper it stands in and the days it holds (domain.md B4).

No decree was read in the original: these are defaults for a lawyer to confirm, and data for that reason.
"""

from datetime import date

import msgspec


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """A number, what it rests on, and since when."""

    amount: int
    basis: str
    since: date
    until: date | None = None


_DECREE = "Nghị định 118/2025/NĐ-CP"
_SINCE = date(2025, 7, 1)

# More than one request for papers is counted as late by the national formula (indicator 2.1 of Decision 766/QĐ-TTg).
FREE_SUPPLEMENTS = Rule(amount=1, basis=_DECREE, since=_SINCE)
# A date is set anew once.
EXTENSIONS = Rule(amount=1, basis=_DECREE, since=_SINCE)
# What a drafted apology proposes: so many working days from the day it is drafted.
NEW_DATE_DAYS = Rule(amount=5, basis="Quy chế nội bộ", since=_SINCE)
# A dossier on which nothing moved for so many working days is put before its handler.
STILL_DAYS = Rule(amount=5, basis="Quy chế nội bộ", since=_SINCE)
