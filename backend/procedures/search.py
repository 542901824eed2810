"""Finding a procedure as people type it: without diacritics or with them, unfinished, in any case, with the look-alike Ð for Đ.

Every word of the query has to be there, the last one perhaps only begun. What is found is ranked: the words as typed, diacritics
and all, in a row in the name; the same without diacritics; all words somewhere in the name; at last what the field of work adds.
"""

import re
from dataclasses import dataclass

from kernel.text import clean, words

MOST_WORDS = 16

# What `kernel.text.words` takes for a word, so that both keys are cut at the same places.
_WORD = re.compile(r"\w+(?:\.\d+)*")
_ETH = str.maketrans("Ðð", "Đđ")


@dataclass(frozen=True)
class SearchKeys:
    """What is stored of a procedure to find it by. `name` and `exact` are framed in blanks, so that " ky " is a whole word.

    `words` are folded, of the name and the field of work; `name` is the folded name, `exact` the name with its diacritics, both
    in lower case; `length` is the name's, in characters: short names are the common things.
    """

    words: tuple[str, ...]
    name: str
    exact: str
    length: int


@dataclass(frozen=True)
class Query:
    """A query, cut up: `complete` words, the `begun` last one, and all of them in a row, folded and as typed."""

    complete: tuple[str, ...]
    begun: str
    folded: str
    exact: str


def keys_of(name: str, field: str) -> SearchKeys:
    """The search keys of a procedure."""
    in_name = words(name)
    unique = dict.fromkeys([*in_name, *words(field)])
    return SearchKeys(tuple(unique), f" {' '.join(in_name)} ", f" {' '.join(_exact_words(name))} ", len(name))


def read_query(raw: str) -> Query | None:
    """Cut a query up; None when there is no word in it. More than 16 words are not looked at."""
    folded = words(raw)[:MOST_WORDS]
    if not folded:
        return None
    exact = _exact_words(raw)[:MOST_WORDS]
    return Query(tuple(dict.fromkeys(folded[:-1])), folded[-1], " ".join(folded), " ".join(exact))


def _exact_words(raw: str) -> list[str]:
    return _WORD.findall(clean(raw).translate(_ETH).casefold())
