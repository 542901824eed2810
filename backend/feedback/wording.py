"""What is said in public is said in three languages: Vietnamese, English, Khmer."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """The same in every language of the province."""

    vi: str
    en: str
    km: str

    def __post_init__(self) -> None:
        if not (self.vi and self.en and self.km):
            raise ValueError(f"{self.vi or self.en!r} is not said in every language")

    def said(self, language: str) -> str:
        """In the reader's language; Vietnamese where it is none of ours."""
        return {"en": self.en, "km": self.km}.get(language, self.vi)
