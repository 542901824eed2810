"""Routing rules tried on what has come: what would have gone elsewhere, and would dispatchers have agreed? Changes nothing."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from backend.feedback.routing import RULES, Rules, agency_for

_ABOUT_THE_PLACE = ("commune", "commune_police")


@dataclass
class Rehearsal:
    """What came of it.

    `moved` are the reports that would go elsewhere, by category, agency today, agency then. Of those a dispatcher gave to an agency
    (`decided`), `agreed_today` went where the present rules name, `agreed_then` where the rules on trial do.
    """

    reports: int = 0
    moved: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    decided: int = 0
    agreed_today: int = 0
    agreed_then: int = 0

    def take(self, report: Mapping[str, Any], rules: Rules) -> None:
        """One report, by the rules of today and by these: its category, commune and agency."""
        today, then = (agency_for(report["category"], report.get("commune"), which) for which in (RULES, rules))
        self.reports += 1
        if today != then:
            self.moved[report["category"], today, then] += 1
        if agency := report.get("agency"):
            self.decided += 1
            self.agreed_today += agency == today
            self.agreed_then += agency == then


def unknown(rules: Rules, agencies: Collection[str], categories: Collection[str]) -> list[str]:
    """What rules name that does not exist, each in a sentence."""
    places = {rule.to for rule in rules.rules} | {rules.desk, rules.otherwise}
    named = {category for rule in rules.rules for category in rule.categories}
    wrong = [f"there is no agency {code}" for code in sorted(places - set(agencies) - set(_ABOUT_THE_PLACE))]
    return wrong + [f"there is no category {code}" for code in sorted(named - set(categories))]
