"""A reason is given in plain words: long enough to say something, and never a template's blank (domain.md C3)."""

import re

from kernel.text import clean

SHORTEST = 10
# Dots, blanks in brackets, and the form's own words instead of a reason.
_BLANK = re.compile(r"[.…_\-]{3,}|[\[{<][^\]}>]*[\]}>]|\bx{3,}\b|lorem ipsum|todo", re.IGNORECASE)
_SAYS_NOTHING = frozenset({"không đủ điều kiện", "không đúng quy định", "theo quy định", "lý do khác", "hồ sơ không hợp lệ"})


def says_something(reason: str | None) -> bool:
    """Would its reader learn why?"""
    text = clean(reason or "")
    return len(text) >= SHORTEST and not _BLANK.search(text) and text.casefold().rstrip(". ") not in _SAYS_NOTHING
