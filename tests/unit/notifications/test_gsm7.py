"""Vietnamese on a telephone: without its marks, in the alphabet, and never more segments than were asked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.channels.gsm7 import fitted, folded, segments
from notifications.messages.catalogue import CATALOGUE
from notifications.messages.spoken import code, news

VIETNAMESE = st.text(alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệ ĐỨỞ0123456789.,{}[]€-", max_size=400)


def test_marks_are_taken_off_and_words_stay_words() -> None:
    assert folded("Đã có kết quả hồ sơ – “Một Cửa”…") == 'Da co ket qua ho so - "Mot Cua"...'
    assert folded("លទ្ធផល 😀") == " "


@given(st.text(max_size=300))
def test_whatever_comes_in_is_in_the_alphabet_and_stays_so(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        # An escape is not parted from its letter: 152 and a half of them do not fit.
        ("a" * 152 + "€" + "a" * 152, 3),
    ],
)
def test_segments_are_counted_as_operators_count_them(text: str, count: int) -> None:
    assert segments(text) == count


@given(VIETNAMESE, VIETNAMESE, st.integers(1, 3))
def test_a_text_never_costs_more_than_was_asked_for(title: str, rest: str, most: int) -> None:
    assert segments(fitted(title, rest, most)) <= most


@pytest.mark.proves("I28")
@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("message", sorted(CATALOGUE))
def test_every_message_there_is_fits_into_one_whole(message: str, language: str) -> None:
    for detail in ("full", "anonymous"):
        said = news(message, language, detail=detail)
        text = fitted(said.title, said.short, 1)
        assert not text.endswith("...")
        assert folded(said.short) in text


@pytest.mark.proves("I28")
@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_code_fits_into_one_with_its_warning(language: str) -> None:
    said = code("123456", language, minutes=10)
    text = fitted(said.title, said.short, 1)
    assert text.count("123456") == 2
    assert not text.endswith("...")
