"""A JSON body is what it says, or is refused before anything decodes it (SEC-52)."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis.strategies import binary, booleans, dictionaries, floats, integers, just, lists, one_of, recursive, text

from kernel.http.bodies import MAX_DEPTH, BodyMalformed, BodyTooDeep, DuplicateKey, check_json

pytestmark = pytest.mark.proves("SEC-52")
json_values = recursive(
    one_of(just(None), booleans(), integers(), floats(allow_nan=False, allow_infinity=False), text()),
    lambda inner: one_of(lists(inner, max_size=4), dictionaries(text(), inner, max_size=4)),
    max_leaves=20,
)


@given(json_values, booleans())
def test_whatever_json_can_say_is_let_through(value: Any, ascii_only: bool) -> None:
    check_json(json.dumps(value, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass" if ascii_only else "replace"))


@given(one_of(binary(), text().map(lambda t: t.encode("utf-8", "replace")), text(alphabet='[]{}",:\\1 ').map(str.encode)))
def test_whatever_json_cannot_read_is_one_of_three_problems(raw: bytes) -> None:
    try:
        json.loads(raw.decode())
    except ValueError:
        with pytest.raises((BodyMalformed, BodyTooDeep, DuplicateKey)):
            check_json(raw)


@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
def test_sixty_four_levels_are_enough_and_one_more_is_not(opening: bytes) -> None:
    closing = {b"[": b"]", b'{"a":': b"}"}[opening]
    check_json(opening * (MAX_DEPTH - 1) + b"[]" + closing * (MAX_DEPTH - 1))
    with pytest.raises(BodyTooDeep):
        check_json(opening * MAX_DEPTH + b"[]" + closing * MAX_DEPTH)


@pytest.mark.timeout(10)
@pytest.mark.parametrize(
    "raw",
    [
        b"[" * 1_000_000,
        b'[{"a":' * 200_000,
        b'"' + b"[" * 1_000_000,
        b'"' + b'\\"' * 500_000,
        b"[" + b"9" * 5_000 + b"]",
        ('["\u2200",' + "[" * 100_000).encode("utf-16-le"),
        ('["\u2200",' + "[" * 100_000).encode("utf-16"),
    ],
    ids=["lists", "objects", "open string", "escaped quotes", "digits", "UTF-16 without mark", "UTF-16"],
)
def test_a_bomb_is_a_problem_and_neither_a_crash_nor_a_wait(raw: bytes) -> None:
    with pytest.raises((BodyTooDeep, BodyMalformed)):
        check_json(raw)


@pytest.mark.timeout(10)
def test_a_repeated_key_is_found_among_a_hundred_thousand() -> None:
    many = ",".join(f'"{n}":0' for n in range(100_000))
    with pytest.raises(DuplicateKey):
        check_json(("{" + many + ',"99999":0}').encode())


def test_brackets_in_a_string_are_text() -> None:
    check_json(json.dumps({"q": "[" * 500 + '\\"{' * 500}).encode())


@pytest.mark.parametrize("raw", [b'{"a":1,"a":2}', b'[{"b":{"a":1,"a":1}}]', b'{"a":1,"\\u0061":2}'])
def test_a_key_stands_once(raw: bytes) -> None:
    with pytest.raises(DuplicateKey) as caught:
        check_json(raw)
    assert caught.value.errors[0].pointer.endswith("/a")


def test_the_place_of_a_mistake_is_named() -> None:
    with pytest.raises(BodyMalformed) as caught:
        check_json(b'{"a": \n tru}')
    assert "line 2" in caught.value.errors[0].detail
