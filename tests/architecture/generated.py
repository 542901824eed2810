"""Keeps what is written twice the same: `python -m tests.architecture.generated` writes it anew, a test says when that is due.

backend/settings.py         ──> .env.example
backend/dossiers/states.py  ──> docs/dossiers.md   between the two marks
backend/feedback/states.py  ──> docs/feedback.md   between the two marks
every module's docstring    ──> docs/map.md        between the two marks
what the contract has new   ──> openapi/CHANGELOG.md, likewise
"""

import re
from collections.abc import Callable, Mapping

from rich.console import Console

from tests.architecture import contract_news, env_example, house_map, state_pages
from tests.architecture.house import ROOT

BEGIN, END = "<!-- generated: run `make generated` -->", "<!-- end of generated -->"

Rewrite = Callable[[str], str]


def between_marks(render: Callable[[], str]) -> Rewrite:
    """Replaces what stands between the marks and leaves the rest to people.

    Raises:
        ValueError: the document has not exactly one pair of marks.
    """

    def rewrite(current: str) -> str:
        block = re.compile(f"{re.escape(BEGIN)}\n.*{re.escape(END)}\n", re.DOTALL)
        if current.count(BEGIN) != 1 or not block.search(current):
            raise ValueError(f"no single pair of {BEGIN} and {END}")
        return block.sub(lambda _: f"{BEGIN}\n\n{render()}\n\n{END}\n", current)

    return rewrite


GENERATED: Mapping[str, Rewrite] = {
    ".env.example": lambda _: env_example.render(),
    "docs/dossiers.md": between_marks(state_pages.dossiers),
    "docs/feedback.md": between_marks(state_pages.feedback),
    "docs/map.md": between_marks(house_map.render),
    "openapi/CHANGELOG.md": between_marks(contract_news.render),
}


def is_current(path: str) -> bool:
    """Does the file say what its source says?"""
    file = ROOT / path
    return file.exists() and (text := file.read_text(encoding="utf-8")) == GENERATED[path](text)


def write() -> None:
    """Write what is not current."""
    for path, rewrite in GENERATED.items():
        if not is_current(path):
            file = ROOT / path
            file.write_text(rewrite(file.read_text(encoding="utf-8") if file.exists() else ""), encoding="utf-8")
            Console(highlight=False).print(f"[green]✓[/] {path}")


if __name__ == "__main__":
    write()
