"""Dossier codes: the samples of domain.md E, and whatever else somebody types."""

import pytest
from hypothesis import given
from hypothesis.strategies import from_regex, text

from backend.dossiers.code import _CODE, normalise
from backend.dossiers.errors import CodeMalformed

SAMPLES = [
    "000.00.01.H29-260310-0420",
    "38.98.H29-210519-0013",
    "000.00.04.G18-201027-0001",
    "G09.20-20260609-0092637",
    "H12.13-260615-0007",
]


@pytest.mark.parametrize("code", SAMPLES)
def test_a_real_code_is_taken_as_it_is(code: str) -> None:
    assert normalise(code) == code


@pytest.mark.parametrize("code", SAMPLES)
@pytest.mark.parametrize(
    "typed", [str.lower, lambda c: c.replace("-", "–"), lambda c: f" {c}\u00a0", lambda c: c.replace("-", " - ")]
)
def test_what_phones_and_word_processors_make_of_it_is_undone(code: str, typed: object) -> None:
    assert normalise(typed(code)) == code  # type: ignore[operator]


@pytest.mark.parametrize(
    "code",
    [
        "",
        "H12.13-260615-007",
        "H12.13-261315-0007",
        "H12.13-260231-0007",
        "H12.13-20260231-0007",
        "H12.13-260615-0007-1",
        "12.13-260615-0007",
        "H12.13_260615_0007",
        "H12.13-٢٦٠٦١٥-0007",
        "H12.13-260615-0007\nx",
    ],
)
def test_what_is_no_code_or_no_date_is_refused(code: str) -> None:
    with pytest.raises(CodeMalformed):
        normalise(code)


@given(text() | from_regex(_CODE, fullmatch=True))
def test_a_normal_form_stays_as_it_is_and_nothing_else_is_raised(raw: str) -> None:
    try:
        code = normalise(raw)
    except CodeMalformed:
        return
    assert normalise(code) == code
    assert code.isascii()
