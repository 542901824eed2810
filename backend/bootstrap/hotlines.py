"""Whom a citizen can telephone (domain.md B10): public numbers, the same for everybody."""

from importlib.resources import files

import msgspec


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A number and what it is called in each language."""

    number: str
    vi: str
    en: str
    km: str

    def name(self, language: str) -> str:
        """What it is called, in the reader's language."""
        return {"en": self.en, "km": self.km}.get(language, self.vi)


HOTLINES = msgspec.json.decode((files("backend.bootstrap") / "data" / "hotlines.json").read_bytes(), type=list[Line])
