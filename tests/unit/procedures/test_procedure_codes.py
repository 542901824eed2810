"""Procedure codes: what is one, what begins one, and which codes mean the same procedure."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.procedures import codes
from backend.procedures.errors import ProcedureCodeMalformed


@pytest.mark.parametrize("code", ["1.004873", "1.011442.000.00.00.H38", "2.000815.000.00.00.H55.02", "6.001432"])
def test_real_codes_are_taken(code: str) -> None:
    assert codes.parse(f" {code.lower()} ").text == code


def test_copies_in_the_provinces_share_their_core() -> None:
    assert codes.parse("1.011442.000.00.00.H38") == ("1.011442.000.00.00.H38", "1.011442", "000.00.00.H38", None)
    assert codes.parse("2.000815.000.00.00.H55.02").service == "02"


@pytest.mark.parametrize("text", ["", "0.004873", "1.04873", "1.0048731", "1.004873.H38", "1.004873\n2", "١.004873"])
def test_what_is_no_code_is_refused(text: str) -> None:
    with pytest.raises(ProcedureCodeMalformed):
        codes.parse(text)


def test_the_beginning_of_a_code_is_told_from_a_word() -> None:
    assert codes.beginning(" 1.0042") == "1.0042"
    assert codes.beginning("1.004222.000.00.00.h12") == "1.004222.000.00.00.H12"
    assert [codes.beginning(q) for q in ("", "1", "1.", "khai sinh", "1.004222 khai sinh")] == [None] * 5


@given(st.text())
def test_any_text_is_a_code_or_refused(text: str) -> None:
    try:
        assert codes.parse(text).text.startswith(codes.parse(text).core)
    except ProcedureCodeMalformed:
        codes.beginning(text)
