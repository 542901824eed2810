"""Vietnamese text: clean what comes in, fold what is searched. The stored original is never "corrected"."""

import re
import unicodedata

_UNWANTED = re.compile(
    # Invisible characters that copy and paste brings along: zero width, byte order mark, soft hyphen, word joiner.
    "[\u200b\u200c\u200d\u2060\ufeff\u00ad"
    # Bidirectional controls let a name read differently from what it says; nothing Vietnamese needs them.
    "\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c"
    # Control characters (category Cc) but for tab and line feed.
    "\x00-\x08\x0b-\x1f\x7f-\x9f]"
)
# đ and the look-alike eth have no Unicode decomposition, so NFD alone leaves them (domain.md D2).
_D = str.maketrans("đĐðÐ", "dddd")
_SPACES = re.compile(r"[^\S\n]+")


def clean(raw: str) -> str:
    """NFC, no invisible or bidirectional controls, single spaces, trimmed. Line breaks stay."""
    text = _UNWANTED.sub("", unicodedata.normalize("NFC", raw))
    return "\n".join(_SPACES.sub(" ", line).strip() for line in text.split("\n")).strip()


def fold(raw: str) -> str:
    """Search key without tones and diacritics, case-folded: `ĐẤT MŨI`, `Ðất Mũi` and `dat mui` are one."""
    bare = "".join(ch for ch in unicodedata.normalize("NFD", raw) if unicodedata.category(ch) != "Mn")
    return unicodedata.normalize("NFC", bare.casefold().translate(_D))


def words(raw: str) -> list[str]:
    """Folded words and numbers in order; `1.004222` stays one word."""
    return re.findall(r"\w+(?:\.\d+)*", fold(clean(raw)))
