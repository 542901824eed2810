"""Identifiers say nothing and collide never."""

import pytest
from hypothesis import given
from hypothesis.strategies import lists, text

from kernel.ids import ALPHABET, LENGTH, derived_id, new_id


@pytest.mark.proves("SEC-45")
def test_ids_are_128_random_bits_that_survive_a_telephone() -> None:
    made = {new_id() for _ in range(1000)}
    assert len(made) == 1000
    assert all(len(one) == LENGTH and set(one) <= set(ALPHABET) for one in made)
    assert not set("ilou") & set(ALPHABET)


@given(lists(text(), min_size=1))
def test_a_derived_id_depends_on_its_parts_and_nothing_else(parts: list[str]) -> None:
    assert derived_id(*parts) == derived_id(*parts)
    assert derived_id(*parts) != derived_id(*parts, "more")


def test_parts_do_not_run_into_each_other() -> None:
    assert derived_id("ab", "c") != derived_id("a", "bc")
