"""Vietnamese text: the vectors of domain.md E, and what folding and cleaning promise for any text."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis.strategies import text

from kernel.text import clean, fold, words


@pytest.mark.parametrize("written", ["Đất Mũi", "ĐẤT MŨI", "Ðất Mũi", unicodedata.normalize("NFD", "Đất Mũi"), "dat mui"])
def test_every_way_to_write_dat_mui_folds_to_one(written: str) -> None:
    assert fold(written) == "dat mui"


@pytest.mark.parametrize(("one", "other"), [("Hoà Bình", "Hòa Bình"), ("Thuỷ", "Thủy"), ("ĐƯỜNG", "đường")])
def test_both_tone_placements_fold_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_a_horned_vowel_folds_too() -> None:
    assert fold("Nguyễn Văn Ước") == "nguyen van uoc"


@given(text())
def test_folding_twice_changes_nothing_more(raw: str) -> None:
    assert fold(fold(raw)) == fold(raw)


@given(text())
def test_folding_does_not_care_how_the_text_was_composed(raw: str) -> None:
    assert fold(unicodedata.normalize("NFD", raw)) == fold(unicodedata.normalize("NFC", raw))


@given(text())
def test_what_is_clean_stays_as_it_is(raw: str) -> None:
    assert clean(clean(raw)) == clean(raw)


@given(text())
def test_nothing_clean_is_invisible_or_turns_the_line_around(raw: str) -> None:
    cleaned = clean(raw)
    assert cleaned == unicodedata.normalize("NFC", cleaned)
    assert not set(cleaned) & set("\u200b\u200c\u200d\u2060\ufeff\u00ad\u202a\u202e\u2066\u2069\u200e\u200f\x00\r")
    assert "  " not in cleaned


def test_line_breaks_stay_and_spaces_shrink() -> None:
    assert clean("  Hồ\u00a0sơ   số 1 \n\tHai\u200b ") == "Hồ sơ số 1\nHai"


def test_a_procedure_code_stays_one_word() -> None:
    assert words("Mã 1.004222, Đăng ký") == ["ma", "1.004222", "dang", "ky"]
