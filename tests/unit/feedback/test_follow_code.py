"""A code survives a telephone: one slip, or two characters that changed places, are noticed."""

import pytest
from hypothesis import assume, given
from hypothesis.strategies import integers, sampled_from, text

from backend.feedback import code as codes
from backend.feedback.code import ALPHABET, FollowCodeMalformed

bodies = text(ALPHABET, min_size=codes.RANDOM, max_size=codes.RANDOM)


@given(bodies)
def test_a_code_is_read_however_it_is_written(body: str) -> None:
    code = codes.printed(body + codes.check_character(body))
    for written in (
        code,
        code.lower(),
        code.replace("-", " "),
        code.replace("-", ""),
        f"  {code}\n",
        code.replace("0", "O"),
        code[3:],
    ):
        assert codes.normalise(written) == code


@given(bodies, integers(0, codes.RANDOM), sampled_from(ALPHABET))
def test_any_one_wrong_character_is_noticed(body: str, place: int, wrong: str) -> None:
    whole = body + codes.check_character(body)
    assume(whole[place] != wrong)
    with pytest.raises(FollowCodeMalformed):
        codes.normalise(whole[:place] + wrong + whole[place + 1 :])


@given(bodies, integers(0, codes.RANDOM), integers(0, codes.RANDOM))
def test_any_two_that_changed_places_are_noticed(body: str, one: int, other: int) -> None:
    whole = list(body + codes.check_character(body))
    assume(whole[one] != whole[other])
    whole[one], whole[other] = whole[other], whole[one]
    with pytest.raises(FollowCodeMalformed):
        codes.normalise("".join(whole))


@pytest.mark.parametrize("raw", ["", "PA-", "PA-1111-1111-1", "H12.13-260615-0007", "PA-7KQ3-M9XT-CC", "🙂" * 9])
def test_what_is_no_code_is_refused(raw: str) -> None:
    with pytest.raises(FollowCodeMalformed):
        codes.normalise(raw)


def test_no_two_characters_look_alike() -> None:
    assert not set("1ILOU") & set(ALPHABET)
    assert len(ALPHABET) == len(set(ALPHABET)) == 31


def test_codes_and_secrets_are_random() -> None:
    assert len({codes.new_code() for _ in range(500)}) == 500
    assert len({codes.new_secret() for _ in range(500)}) == 500


def test_a_secret_fits_its_fingerprint_alone() -> None:
    secret = codes.new_secret()
    stored = codes.fingerprint(secret)
    assert codes.fits(f" {secret.lower()} ", stored)
    assert not codes.fits(codes.new_secret(), stored)
    assert secret.encode() not in stored
