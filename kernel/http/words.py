"""What a problem says in the reader's language: its title, its sentence, and what is wrong with a field (RFC 9457, 3.1.3).

English stands in the class itself, the Vietnamese sentence beside it; the rest is in three tables by code. Codes are never
translated: they are what an app acts on. The Khmer awaits a native reader (ADR 0016).
"""

from collections.abc import Iterator
from importlib.resources import files

import msgspec

from kernel.errors import FieldError, Problem

Table = dict[str, dict[str, str]]


def _table(name: str) -> bytes:
    return (files("kernel.http") / name).read_bytes()


# A code that is not in them speaks as its category does, which is true of every one of its kind.
KHMER = msgspec.json.decode(_table("km.json"), type=dict[str, str])
TITLES = msgspec.json.decode(_table("titles.json"), type=Table)
# `{}` is where the developer's own English words go: of faults an app that keeps the contract never makes.
FIELDS = msgspec.json.decode(_table("fields.json"), type=Table)


def title(kind: type[Problem], language: str) -> str:
    """What kind of thing has gone wrong, in a few words."""
    if language == "en":
        return kind.title
    # Whoever has a title of its own in English has one in every language: tests/unit/kernel/test_words.py.
    return next(TITLES[code][language] for code in _codes(kind) if code in TITLES)


def sentence(problem: Problem | type[Problem], language: str) -> str:
    """What a problem says of itself; what was written for this one occurrence is English, and only said to who reads that."""
    if language == "en":
        return (isinstance(problem, Problem) and problem.detail) or problem.default_detail()
    if language == "vi":
        return problem.vi
    kind = problem if isinstance(problem, type) else type(problem)
    return next(KHMER[code] for code in _codes(kind) if code in KHMER)


def fields(found: list[FieldError], language: str) -> list[FieldError]:
    """What is wrong where. A code that is not in the table brings words that are nobody's to translate, or names."""
    if language == "en":
        return found
    return [
        FieldError(one.pointer, one.code, FIELDS[one.code][language].format(one.detail)) if one.code in FIELDS else one
        for one in found
    ]


def _codes(kind: type[Problem]) -> Iterator[str]:
    """Its own, and those of its categories, the closest first."""
    return (ancestor.code() for ancestor in kind.__mro__ if issubclass(ancestor, Problem))
