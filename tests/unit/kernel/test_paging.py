"""Cursors: what we hand out comes back as it was; anything else is one named problem and never another exception."""

import base64
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis.strategies import binary, integers, just, lists, one_of, recursive, sampled_from, text, tuples

from kernel.http.paging import CursorMalformed, decode_cursor, encode_cursor

instants = integers(0, 2**42).map(lambda ms: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms))
FORGED = [
    b'[{"t":1e400},"a"]',
    b'[{"t":' + b"9" * 400 + b'},"a"]',
    b'[{"t":1e30},"a"]',
    b'[{"t":-1e30},"a"]',
    b'[{"t":"x"},"a"]',
    b'[{"t":null},"a"]',
    b'[{"$gt":""},"a"]',
    b'[{"t":1},{"$ne":null}]',
    b'{"t":1}',
    b"[" * 10_000,
]
json_values = recursive(one_of(just(None), integers(), text()), lambda inner: lists(inner, max_size=3), max_leaves=6)


@given(at=instants, last=text(), number=integers(-(2**53), 2**53))
def test_a_cursor_comes_back_as_it_was(at: datetime, last: str, number: int) -> None:
    assert decode_cursor(encode_cursor(at, last, number), [datetime, str, int]) == [at, last, number]


@pytest.mark.proves("SEC-51")
@given(one_of(text(), binary().map(lambda raw: base64.urlsafe_b64encode(raw).decode())))
def test_whatever_is_no_cursor_is_malformed_and_nothing_else(raw: str) -> None:
    with pytest.raises(CursorMalformed):
        decode_cursor(raw, [datetime, str, str, str, str])


@pytest.mark.proves("SEC-51")
@given(json_values.map(msgspec.json.encode) | sampled_from(FORGED))
def test_a_forged_cursor_brings_no_foreign_type_into_a_query(forged: bytes) -> None:
    try:
        key = decode_cursor(base64.urlsafe_b64encode(forged).decode(), [datetime, str])
    except CursorMalformed:
        return
    assert [type(part) for part in key] == [datetime, str]


@given(position=integers(0, 30), letter=text(min_size=1, max_size=1))
def test_a_cursor_tampered_with_is_malformed_or_still_well_typed(position: int, letter: str) -> None:
    cursor = encode_cursor(datetime(2026, 7, 1, tzinfo=UTC), "abc")
    tampered = cursor[:position] + letter + cursor[position + 1 :]
    try:
        at, last = decode_cursor(tampered, [datetime, str])
    except CursorMalformed:
        return
    assert isinstance(at, datetime)
    assert isinstance(last, str)


@given(tuples(text(), integers(-(2**53), 2**53)))
def test_a_cursor_of_another_list_is_malformed(key: tuple[str, int]) -> None:
    for types in ([datetime, str], [str], [int, str], [str, int, str]):
        with pytest.raises(CursorMalformed):
            decode_cursor(encode_cursor(*key), types)


def test_a_boolean_is_no_number() -> None:
    with pytest.raises(CursorMalformed):
        decode_cursor(base64.urlsafe_b64encode(b"[true]").decode(), [int])


def test_time_in_a_cursor_is_whole_milliseconds() -> None:
    at = datetime(2026, 7, 1, 8, 0, 0, 999_000, tzinfo=UTC) + timedelta(days=1)
    assert decode_cursor(encode_cursor(at), [datetime]) == [at]
