"""Words an officer begins with: templates by step and category, with blanks that nobody is sent unfilled."""

import re
from collections.abc import Sequence
from importlib.resources import files

import msgspec

from backend.feedback.categories import CATEGORIES
from backend.feedback.states import FEEDBACK, PUBLIC_TEXT

# `{{vị trí}}`: what only the officer knows.
_BLANK = re.compile(r"\{\{\s*([^{}]+?)\s*\}\}")


class Template(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What can be said at a step, in Vietnamese, the language of answers; of no category it suits them all."""

    code: str
    move: str
    vi: str
    en: str
    text: str
    categories: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        steps = [move for move in FEEDBACK.moves if move.name == self.move and PUBLIC_TEXT in move.requires]
        if not steps or not set(self.categories) <= CATEGORIES.keys() or not blanks_in(self.text):
            raise ValueError(f"{self.code}: a template is for a step that needs words, for categories there are, and has blanks")

    def label(self, language: str) -> str:
        """What it is called in the list an officer chooses from."""
        return self.en if language == "en" else self.vi


def blanks_in(text: str) -> list[str]:
    """The names of the blanks still in a text, in order, each once."""
    return list(dict.fromkeys(_BLANK.findall(text)))


def suggested(category: str | None) -> Sequence[Template]:
    """Every template that suits the category, those made for it first; all of them where none is asked for."""
    suits = [one for one in TEMPLATES if category is None or not one.categories or category in one.categories]
    return sorted(suits, key=lambda one: not one.categories)


TEMPLATES = msgspec.json.decode((files("backend.feedback") / "data" / "templates.json").read_bytes(), type=list[Template])
