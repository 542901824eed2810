"""A personal number is found again and never read back."""

import pytest

from kernel.personal import CitizenKeys, PersonalNumberMalformed

KEYS = CitizenKeys(b"k" * 32)


def test_the_same_number_has_the_same_key_however_it_is_spaced() -> None:
    assert KEYS.key("096 099 000 001") == KEYS.key("096.099.000.001") == KEYS.key("096099000001")


def test_another_number_or_another_secret_is_another_key() -> None:
    keys = {KEYS.key("096099000001"), KEYS.key("096099000002"), CitizenKeys(b"o" * 32).key("096099000001")}
    assert len(keys) == 3
    assert not any("096099" in key for key in keys)


@pytest.mark.parametrize("number", ["", "123", "0960990000012", "09609900000a", "096-099-000-001", "٠٩٦٠٩٩٠٠٠٠٠١"])
def test_what_is_no_number_has_no_key(number: str) -> None:
    with pytest.raises(PersonalNumberMalformed):
        KEYS.key(number)


def test_an_old_identity_card_still_counts() -> None:
    assert KEYS.key("381000001").startswith("c_")
