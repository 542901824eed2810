"""What a problem says, in all our languages."""

import pytest

from backend.app import told  # noqa: F401 - imports every slice, and so every problem there is
from kernel.errors import FieldError, Problem
from kernel.http import words
from kernel.http.language import LANGUAGES


def kinds(base: type[Problem] = Problem) -> list[type[Problem]]:
    return [base, *(deeper for kind in base.__subclasses__() for deeper in kinds(kind))]


def test_whoever_has_a_title_in_english_has_one_of_its_own_in_every_language() -> None:
    titled = {kind.code(): kind.title for kind in kinds() if "title" in vars(kind)}
    assert set(words.TITLES) == set(titled)
    for language in set(LANGUAGES) - {"en"}:
        said = {code: words.title(kind, language) for kind in kinds() for code in [kind.code()] if code in titled}
        assert len(set(said.values())) == len(titled), language


def test_a_kind_without_a_title_of_its_own_speaks_as_its_category() -> None:
    class Odd(Problem):
        """Odd."""

        title = "Odd"

    class VeryOdd(Odd):
        """Very odd."""

    assert [words.title(VeryOdd, language) for language in ("en", "vi")] == ["Odd", "Có lỗi"]


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_what_is_wrong_with_a_field_is_said_in_the_readers_language(language: str) -> None:
    found = [FieldError("/text", "too_short", "at least ten characters"), FieldError("/limit", "invalid", "Expected `int`")]
    short, invalid = words.fields(found, language)
    assert short.detail == words.FIELDS["too_short"][language]
    assert "Expected `int`" in invalid.detail
    assert invalid.detail != "Expected `int`"
    assert [(one.pointer, one.code) for one in (short, invalid)] == [(one.pointer, one.code) for one in found]
    assert words.fields(found, "en") == found


def test_words_that_are_nobodys_to_translate_stay_as_they_are() -> None:
    found = [FieldError("/publicText", "not_sent", "Đèn đã sửa {xong}")]
    assert words.fields(found, "km") == found
