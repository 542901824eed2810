"""Who should get a report: category and commune say which agency, by rules that are data; a dispatcher has the last word."""

from collections.abc import Mapping
from importlib.resources import files

import msgspec


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Reports of these categories (of these communes) go `to` an agency, or to the `commune` or `commune_police` of the place."""

    categories: tuple[str, ...]
    to: str
    communes: tuple[str, ...] = ()


class Rules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The rules in the order in which they are asked, and the one desk where everything arrives (Cà Mau Decision 17/2022)."""

    desk: str
    rules: tuple[Rule, ...]
    otherwise: str


class Commune(msgspec.Struct, frozen=True):
    """A commune or ward as the catalogue of agencies has it: `unit` is its code in the list of administrative units."""

    code: str
    name: str
    unit: str


def _communes() -> Mapping[str, Commune]:
    raw = (files("backend.agencies") / "data" / "communes.json").read_bytes()
    return {row.unit: row for row in msgspec.json.decode(raw, type=list[Commune])}


COMMUNES = _communes()
RULES = msgspec.json.decode((files("backend.feedback") / "data" / "routing.json").read_bytes(), type=Rules)
# The commune's police stand under it in the catalogue of agencies.
_POLICE = ".2"


def agency_for(category: str, commune: str | None, rules: Rules = RULES) -> str:
    """The code of the agency a report should go to; `commune` is a unit's code."""
    place = COMMUNES.get(commune or "")
    for rule in rules.rules:
        if category not in rule.categories or (rule.communes and commune not in rule.communes):
            continue
        if rule.to not in ("commune", "commune_police"):
            return rule.to
        # A rule about the place passes over a report that names none.
        if place is not None:
            return place.code + (_POLICE if rule.to == "commune_police" else "")
    return rules.otherwise
