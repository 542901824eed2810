"""Which of our languages the reader prefers (RFC 9110 section 12.5.4)."""

LANGUAGES = ("vi", "en")
DEFAULT = "vi"


def preferred(accept_language: str | None) -> str:
    """The best of our languages for this header; Vietnamese when it names none of them."""
    best, best_q = DEFAULT, 0.0
    for part in (accept_language or "").split(","):
        tag, _, parameter = part.strip().partition(";")
        language = tag.split("-")[0].strip().lower()
        try:
            q = float(parameter.strip().removeprefix("q=")) if parameter else 1.0
        except ValueError:
            continue
        if language in LANGUAGES and q > best_q:
            best, best_q = language, q
    return best
