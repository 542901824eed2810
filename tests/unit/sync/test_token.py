"""A token is read by nobody, bent by nobody, and good for one citizen alone (R-B2)."""

import base64

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.sync import token as tokens_module
from backend.sync.errors import SyncTokenExpired
from backend.sync.token import LONGEST, Position, Tokens, etag_of, known_as

pytestmark = pytest.mark.proves("R-B2")

TOKENS = Tokens("a secret of at least thirty-two characters")
KINDS = ("dossier", "notification")
POSITIONS = st.builds(Position, st.integers(0, 2**53), st.integers(0, 2**53), st.text(max_size=6))


@given(citizen=st.text(max_size=40), position=POSITIONS)
def test_what_was_issued_is_read(citizen: str, position: Position) -> None:
    token = TOKENS.issue(citizen, KINDS, position)
    assert TOKENS.read(citizen, token) == (KINDS, position)
    assert TOKENS.issue(citizen, KINDS, position) == token, "the same place has the same token, and so the same entity tag"
    assert len(token) <= LONGEST


@given(citizen=st.text(max_size=9), other=st.text(max_size=9), position=POSITIONS)
def test_it_is_good_for_one_citizen_alone(citizen: str, other: str, position: Position) -> None:
    if citizen != other:
        with pytest.raises(SyncTokenExpired):
            TOKENS.read(other, TOKENS.issue(citizen, KINDS, position))


@given(where=st.integers(0, 60), bit=st.integers(0, 7))
def test_a_token_with_one_bit_changed_is_none(where: int, bit: int) -> None:
    token = TOKENS.issue("lan", KINDS, Position(7, 0, "abc"))
    raw = bytearray(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    raw[where % len(raw)] ^= 1 << bit
    with pytest.raises(SyncTokenExpired):
        TOKENS.read("lan", base64.urlsafe_b64encode(raw).rstrip(b"=").decode())


@given(token=st.text(max_size=500))
def test_whatever_else_comes_is_refused(token: str) -> None:
    with pytest.raises(SyncTokenExpired):
        TOKENS.read("lan", token)


def test_another_secret_and_another_schema_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    token = TOKENS.issue("lan", KINDS, Position(7))
    with pytest.raises(SyncTokenExpired):
        Tokens("another secret of at least thirty-two characters").read("lan", token)
    monkeypatch.setattr(tokens_module, "SCHEMA", tokens_module.SCHEMA + 1)
    with pytest.raises(SyncTokenExpired):
        TOKENS.read("lan", token)


def test_a_token_says_nothing_of_the_citizen() -> None:
    raw = base64.urlsafe_b64decode(TOKENS.issue("s_lan-of-the-river", KINDS, Position(7)) + "==")
    assert b"lan" not in raw
    assert msgspec.msgpack.decode(raw[12:])[0] == tokens_module.SCHEMA


@pytest.mark.parametrize("header", ['"abc"', 'W/"abc"', '"x", "abc"', '"x" ,W/"abc"', "*"])
def test_a_known_entity_tag_known_as_in_every_form(header: str) -> None:
    assert known_as(header, '"abc"')


@pytest.mark.parametrize("header", [None, "", '"ab"', "abc", '"abcd"', "**"])
def test_others_do_not(header: str | None) -> None:
    assert not known_as(header, '"abc"')


def test_the_entity_tag_is_another_for_every_place_selection_and_citizen() -> None:
    places = [
        ("lan", KINDS, Position(7)),
        ("nam", KINDS, Position(7)),
        ("lan", KINDS, Position(8)),
        ("lan", KINDS[:1], Position(7)),
    ]
    assert len({etag_of(TOKENS.issue(*place)) for place in places}) == 4
