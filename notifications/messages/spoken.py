"""What is said where no app fetches the words: a title of the catalogue and fixed sentences, no parameter and no id (I27)."""

from importlib.resources import files
from typing import Final

import msgspec

from kernel.http.language import LANGUAGES
from notifications.messages.catalogue import CATALOGUE


class Spoken(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The sentences in one language."""

    anonymous: str
    open: str
    why: str
    code_title: str
    code_body: str


SPOKEN: Final = msgspec.json.decode((files("notifications.messages") / "spoken.json").read_bytes(), type=dict[str, Spoken])
if missing := set(LANGUAGES) - set(SPOKEN):
    raise ValueError(f"spoken.json lacks {sorted(missing)}")


class Said(msgspec.Struct, frozen=True):
    """Words for one reader: `short` is the body where every letter counts."""

    title: str
    body: str
    short: str

    def __repr__(self) -> str:
        # A code may be in it.
        return "<said>"


def news(message: str, language: str, *, detail: str) -> Said:
    """That there is something in the inbox: what kind of news it is, or (`anonymous`) only that there is some."""
    said = SPOKEN.get(language, SPOKEN["vi"])
    title = said.anonymous if detail == "anonymous" else CATALOGUE[message].render(language, {}).title
    return Said(title, f"{said.open}\n\n{said.why}", said.open)


def code(number: str, language: str, *, minutes: int) -> Said:
    """The code that confirms a contact."""
    said = SPOKEN.get(language, SPOKEN["vi"])
    title = said.code_title.format(code=number)
    body = said.code_body.format(code=number, minutes=minutes)
    return Said(title, body, body)
