"""What the pages say, in Vietnamese and in English; what the API says comes in the reader's language by itself."""

from importlib.resources import files

import msgspec

LANGUAGES = ("vi", "en")
WORDS: dict[str, tuple[str, str]] = msgspec.json.decode(
    files("backend.console").joinpath("words.json").read_bytes(), type=dict[str, tuple[str, str]]
)


def words(key: str, language: str, **values: object) -> str:
    """The words of this key, with their blanks filled."""
    said = WORDS[key][LANGUAGES.index(language)]
    return said.format(**values) if values else said


def knows(key: str) -> bool:
    """Are there words for this?"""
    return key in WORDS
