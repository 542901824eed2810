"""Vietnamese unless the reader says otherwise, and English only for who prefers it."""

import pytest
from hypothesis import given
from hypothesis.strategies import text

from kernel.http.language import LANGUAGES, preferred


@pytest.mark.proves("R-B7")
@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "vi"),
        ("", "vi"),
        ("*", "vi"),
        ("fr,km", "km"),
        ("km;q=0.4,en;q=0.3", "km"),
        ("en", "en"),
        ("EN-us", "en"),
        ("vi,en", "vi"),
        ("en,vi", "en"),
        ("en;q=0.5,vi;q=0.9", "vi"),
        ("vi;q=0.1, en-GB;q=0.8", "en"),
        ("en;q=0", "vi"),
        ("en;q=x,vi", "vi"),
        ("fr, en;q=0.4", "en"),
    ],
)
def test_the_readers_best_language_of_ours(header: str | None, language: str) -> None:
    assert preferred(header) == language


@given(text())
def test_no_header_is_too_strange(header: str) -> None:
    assert preferred(header) in LANGUAGES
