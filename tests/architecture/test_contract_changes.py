"""An installed app keeps working: what breaks one since the last release stands in openapi/CHANGELOG.md, or is not done (R-C4)."""

import hashlib
import json
import re

import pytest

from openapi.changes import breaking
from tests.architecture.contract_news import RELEASED, present, released
from tests.architecture.generated import BEGIN
from tests.architecture.house import ROOT

RELEASES = ROOT / "openapi" / "released" / "RELEASES"
CHANGELOG = ROOT / "openapi" / "CHANGELOG.md"


def announced() -> str:
    """What the changelog says of what is not released yet."""
    found = re.search(r"^## Unreleased\n(.*?)(?=^## |\Z)", CHANGELOG.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    assert found, "the changelog has no part for what is not released yet"
    return found[1]


@pytest.mark.proves("R-C4", "SEC-85")
def test_whatever_breaks_an_app_is_announced() -> None:
    breaks = {str(change) for change in breaking(released(), present())}
    said = set(re.findall(r"^- `(.*)`$", announced().partition(BEGIN)[0], re.MULTILINE))
    assert breaks - said == set(), "mend it, or write each line into openapi/CHANGELOG.md with what an app has to do"
    assert said - breaks == set(), "no longer so: an app developer would do something for nothing"


@pytest.mark.proves("R-C4")
def test_the_last_release_is_what_it_was() -> None:
    """Whoever copies the present contract over it compares the contract with itself from then on, and breaks apps unseen."""
    version, digest = RELEASES.read_text(encoding="utf-8").splitlines()[-1].split()
    assert hashlib.sha256(RELEASED.read_bytes()).hexdigest() == digest, "only a release changes it: docs/operations.md"
    assert json.loads(RELEASED.read_bytes())["info"]["version"] == version
    headings = re.findall(r"^## (.+)$", CHANGELOG.read_text(encoding="utf-8"), re.MULTILINE)
    assert headings == ["Unreleased", *(line.split()[0] for line in reversed(RELEASES.read_text(encoding="utf-8").splitlines()))]
