"""Which of our languages the reader prefers (RFC 9110 section 12.5.4).

Problems and notices speak Vietnamese, English and Khmer; labels only the first two. So a route that speaks all three says so,
`opt=SPEAKS_KHMER`, and every other answers who asks for Khmer alone in Vietnamese.
"""

from collections.abc import Sequence
from functools import lru_cache

LANGUAGES = ("vi", "en", "km")
LABELS = ("vi", "en")
DEFAULT = "vi"

SPOKEN = "spoken_languages"
SPEAKS_KHMER = {SPOKEN: LANGUAGES}


# The same few headers come again and again: every phone of one make and setting sends the same.
@lru_cache(maxsize=1_024)
def preferred(accept_language: str | None, among: Sequence[str] = LANGUAGES) -> str:
    """The best of `among` for this header; Vietnamese when it names none of them."""
    best, best_q = DEFAULT, 0.0
    for part in (accept_language or "").split(","):
        tag, _, parameter = part.strip().partition(";")
        language = tag.split("-")[0].strip().lower()
        try:
            q = float(parameter.strip().removeprefix("q=")) if parameter else 1.0
        except ValueError:
            continue
        if language in among and q > best_q:
            best, best_q = language, q
    return best
