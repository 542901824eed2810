"""The seven-bit alphabet of telephones, and how many segments a text costs (3GPP TS 23.038, 23.040). Pure.

Vietnamese is written without its marks: with one letter of Unicode every letter costs two bytes, and a segment holds 70 of them.
"""

import unicodedata
from typing import Final

_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# Each of these is sent as two: an escape, and itself.
_EXTENDED: Final = frozenset("^{}\\[~]|€")
_PLAINER: Final = {
    "đ": "d",
    "Đ": "D",
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "–": "-",
    "—": "-",
    "…": "...",
    "\u00a0": " ",
    "`": "'",
}

ONE_SEGMENT: Final = 160
# Of each of several segments seven letters are the header that joins them.
JOINED_SEGMENT: Final = 153


def folded(text: str) -> str:
    """The text in the alphabet: marks are taken off, what has no likeness is left out."""
    return "".join(_letter(letter) for letter in unicodedata.normalize("NFC", text))


def _letter(letter: str) -> str:
    # Also of those in the alphabet: an "è" between bare letters would only look like a mistake.
    bare = "".join(part for part in unicodedata.normalize("NFD", _PLAINER.get(letter, letter)) if not unicodedata.combining(part))
    return "".join(part for part in bare if part in _BASIC or part in _EXTENDED)


def segments(text: str) -> int:
    """How many a text in the alphabet costs; an escape and its letter are never parted."""
    costs = [2 if letter in _EXTENDED else 1 for letter in text]
    if sum(costs) <= ONE_SEGMENT:
        return 1
    count, left = 1, JOINED_SEGMENT
    for cost in costs:
        if cost > left:
            count, left = count + 1, JOINED_SEGMENT
        left -= cost
    return count


def fitted(title: str, rest: str, most: int) -> str:
    """Title and rest as one text of at most so many segments: the rest goes first, then the end of the title."""
    first, second = folded(title).strip(), folded(rest).strip()
    whole = f"{first}. {second}" if second else first
    if segments(whole) <= most:
        return whole
    short = first
    while segments(short) > most:
        short = short.removesuffix("...").rstrip()[:-1] + "..."
    return short
