"""How staff find a dossier: by its code and the words of its procedure, and by the beginnings of the words of a name.

The first two are public. Names are not, and are looked up by keyed hashes (kernel.privacy.vault.Vault.token). All folded.
"""

from kernel.text import fold, words

# A single letter says nothing and matches half of everybody; names have no longer words.
SHORTEST, LONGEST = 2, 10


def search_keys(code: str, procedure_name: str) -> list[str]:
    """What is indexed in the clear for one dossier: each word once, and the code whole."""
    return sorted({fold(code), *words(procedure_name)})


def name_beginnings(name: str) -> list[str]:
    """Every beginning of every word of a name, from two letters on."""
    return sorted({word[:length] for word in words(name) for length in range(SHORTEST, min(len(word), LONGEST) + 1)})


def query_keys(q: str) -> list[str]:
    """What a query asks for; the last one may be the beginning of a word."""
    stripped = q.strip()
    return [fold(stripped)] if "-" in stripped else words(stripped)[:8]
