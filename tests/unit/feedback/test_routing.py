"""Category and commune say which agency; every rule leads to one that exists."""

import pytest

from backend.agencies.actions.catalogue import shipped_catalogue
from backend.feedback.categories import CATEGORIES
from backend.feedback.places import Spot, read
from backend.feedback.routing import COMMUNES, RULES, Rule, Rules, agency_for

AGENCIES = {row.code for row in shipped_catalogue()}


def test_every_category_in_every_commune_and_in_none_has_an_agency_that_exists() -> None:
    for category in CATEGORIES:
        for commune in (*COMMUNES, None, "99999"):
            assert agency_for(category, commune) in AGENCIES
    assert {RULES.desk, RULES.otherwise} <= AGENCIES
    assert len(COMMUNES) == 64


@pytest.mark.parametrize(
    ("category", "commune", "agency"),
    [
        ("power_lighting", "31825", "H12.101"),
        ("power_lighting", None, "H12.4"),
        ("security_order", "31825", "H12.101.2"),
        ("security_order", None, "H12.17"),
        ("health", "31825", "H12.6"),
        ("ideas", "31825", "H12.1"),
        ("other", None, "H12.1"),
    ],
)
def test_who_gets_what(category: str, commune: str | None, agency: str) -> None:
    assert agency_for(category, commune) == agency


def test_the_first_rule_that_fits_wins_and_a_rule_may_be_about_some_communes_only() -> None:
    rules = Rules("desk", (Rule(("water",), "here", ("31825",)), Rule(("water",), "there")), "nowhere")
    assert [agency_for("water", commune, rules) for commune in ("31825", "32002", None)] == ["here", "there", "there"]
    assert agency_for("health", "31825", rules) == "nowhere"


def test_the_public_sees_a_street_and_no_house() -> None:
    spot = Spot(9.176912, 105.152431, 4.0)
    assert spot.coarse() == Spot(9.177, 105.152)
    assert read(spot.written()) == spot
