"""How staff find a dossier: by its code, by words of the applicant's name, by words of the procedure. All folded."""

from kernel.text import fold, words


def search_keys(code: str, applicant_name: str, procedure_name: str) -> list[str]:
    """What is indexed for one dossier: each word once, and the code whole."""
    return sorted({fold(code), *words(applicant_name), *words(procedure_name)})


def query_keys(q: str) -> list[str]:
    """What a query asks for; the last one may be the beginning of a word."""
    stripped = q.strip()
    return [fold(stripped)] if "-" in stripped else words(stripped)[:8]
