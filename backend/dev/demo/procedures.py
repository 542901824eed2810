"""The procedures people really come for: typed facts of 45 public procedures, hand-picked from the national portal's list.

Facts only (code, name, field, limit, fee), no prose. Where the portal prints a limit without its unit, or no limit, the
demonstration says working days, or one of them: good enough to let a clock run, no source of law.
"""

from functools import cache
from importlib import resources
from typing import Literal

import msgspec

Unit = Literal["working_days", "calendar_days"]

# Where `decided_by` is no agency code but says "of whichever commune".
BY_COMMUNE = "commune"
BY_COMMUNE_POLICE = "commune_police"


class DemoProcedure(msgspec.Struct, frozen=True):
    """One procedure: the limit is `amount` `unit`, `fee` is whole đồng, `weight` says how often people ask for it."""

    code: str
    name: str
    field: str
    level: Literal["province", "commune"]
    amount: int
    unit: Unit
    fee: int
    decided_by: str
    weight: int


@cache
def procedures() -> tuple[DemoProcedure, ...]:
    """All of them, in a fixed order."""
    text = (resources.files(__package__) / "procedures.json").read_text(encoding="utf-8")
    return msgspec.json.decode(text, type=tuple[DemoProcedure, ...])


def procedure(code: str) -> DemoProcedure:
    """The demo procedure of that code.

    Raises:
        KeyError: the demonstration does not use it.
    """
    return {p.code: p for p in procedures()}[code]
