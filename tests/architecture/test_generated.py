"""What is written twice says the same in both places."""

import re

import pytest

from backend.settings import Settings, load
from tests.architecture.env_example import render
from tests.architecture.generated import GENERATED, between_marks, is_current
from tests.architecture.house import ROOT


@pytest.mark.parametrize("path", GENERATED)
def test_a_generated_part_is_current(path: str) -> None:
    assert is_current(path), f"{path} is not current: run `make generated` and commit it."


def test_the_example_settings_taken_as_they_stand_are_the_defaults() -> None:
    variables = dict(line[1:].split("=", 1) for line in render().splitlines() if line.startswith("#MOTCUA_"))
    assert len(variables) == len(Settings.__struct_fields__)
    assert load({name: value for name, value in variables.items() if value}) == Settings()


def test_what_people_wrote_around_a_generated_part_stays() -> None:
    rewrite = between_marks(lambda: "new")
    page = "before\n<!-- generated: run `make generated` -->\nold\n<!-- end of generated -->\nafter\n"
    assert rewrite(page) == page.replace("\nold\n", "\n\nnew\n\n")
    assert rewrite(rewrite(page)) == rewrite(page)


def test_a_page_that_lost_its_marks_is_not_silently_current() -> None:
    with pytest.raises(ValueError, match="no single pair"):
        between_marks(lambda: "new")("only what people wrote")


def test_every_link_in_the_documents_leads_somewhere() -> None:
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    links = [
        (page, link)
        for page in pages
        for link in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
        if "://" not in link and not link.startswith("mailto:")
    ]
    assert [f"{page.relative_to(ROOT)}: {link}" for page, link in links if not (page.parent / link).exists()] == []
