"""A decision is written so that the next person can weigh it again, and names what holds it in place."""

import re

from tests.architecture.house import ROOT

HEADINGS = ["Context", "Decision", "Consequences", "Alternatives"]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))


def test_decisions_are_numbered_without_a_gap() -> None:
    assert [path.name[:5] for path in DECISIONS] == [f"{number:04}-" for number in range(1, len(DECISIONS) + 1)]


def test_a_decision_has_its_four_parts_in_order() -> None:
    parts = {path.name: re.findall(r"^## (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE) for path in DECISIONS}
    assert {name: found for name, found in parts.items() if [h for h in found if h in HEADINGS] != HEADINGS} == {}


def test_a_decision_ends_with_what_enforces_it() -> None:
    last_lines = {path.name: path.read_text(encoding="utf-8").rstrip().splitlines()[-1] for path in DECISIONS}
    assert [name for name, line in last_lines.items() if not re.fullmatch(r"Enforced by: \S.*", line)] == []
