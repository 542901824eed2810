"""What a report can be about: the ten categories of CaMau-G, and which kinds of report each takes (domain.md B7)."""

from collections.abc import Mapping
from importlib.resources import files

import msgspec

from backend.feedback.wording import Words


class Category(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One category. Where `approval` is asked, no answer goes out before a second pair of eyes has seen it."""

    code: str
    vi: str
    en: str
    km: str
    kinds: tuple[str, ...]
    approval: bool = False

    @property
    def words(self) -> Words:
        """What it is called."""
        return Words(self.vi, self.en, self.km)


def _load() -> Mapping[str, Category]:
    raw = (files("backend.feedback") / "data" / "categories.json").read_bytes()
    found = {row.code: row for row in msgspec.json.decode(raw, type=list[Category])}
    assert all(category.words for category in found.values())
    return found


CATEGORIES = _load()
