"""JSON Merge Patch: the RFC's own examples, what holds for any two values, and what a typed patch makes of a struct."""

import copy
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis.strategies import booleans, dictionaries, integers, just, lists, one_of, recursive, text
from msgspec import UNSET, UnsetType

from kernel.errors import Invalid
from kernel.http.merge_patch import merge, merged
from kernel.http.schemas import Body

pytestmark = pytest.mark.proves("R-A3")

# RFC 7396, appendix A: original, patch, result.
APPENDIX_A: list[tuple[Any, Any, Any]] = [
    ({"a": "b"}, {"a": "c"}, {"a": "c"}),
    ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
    ({"a": "b"}, {"a": None}, {}),
    ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
    ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
    ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
    ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
    ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
    (["a", "b"], ["c", "d"], ["c", "d"]),
    ({"a": "b"}, ["c"], ["c"]),
    ({"a": "foo"}, None, None),
    ({"a": "foo"}, "bar", "bar"),
    ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
    ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
    ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
]

scalars = one_of(booleans(), integers(), text(max_size=4))
values = recursive(
    scalars, lambda inner: one_of(lists(inner, max_size=3), dictionaries(text(max_size=3), inner, max_size=4)), max_leaves=12
)
patches = recursive(
    one_of(just(None), scalars),
    lambda inner: one_of(lists(scalars, max_size=3), dictionaries(text(max_size=3), inner, max_size=4)),
    max_leaves=12,
)


@pytest.mark.parametrize(("original", "patch", "result"), APPENDIX_A)
def test_the_examples_of_the_rfc(original: Any, patch: Any, result: Any) -> None:
    assert merge(original, patch) == result


@given(values, patches)
def test_patching_twice_is_patching_once_and_changes_neither_side(original: Any, patch: Any) -> None:
    before = copy.deepcopy((original, patch))
    once = merge(original, patch)
    assert merge(once, patch) == once
    assert (original, patch) == before


@given(dictionaries(text(max_size=3), values), dictionaries(text(max_size=3), patches))
def test_what_a_patch_does_not_name_stays_and_what_it_clears_is_gone(original: dict[str, Any], patch: dict[str, Any]) -> None:
    result = merge(original, patch)
    assert {name: value for name, value in result.items() if name not in patch} == {
        name: value for name, value in original.items() if name not in patch
    }
    assert result.keys().isdisjoint(name for name, value in patch.items() if value is None)


@given(values, values)
def test_from_any_value_to_any_other_there_is_a_patch(original: Any, wanted: Any) -> None:
    if isinstance(original, dict) and isinstance(wanted, dict):
        patch = {**dict.fromkeys(original.keys() - wanted.keys()), **{k: v for k, v in wanted.items() if original.get(k) != v}}
        # A nested object that is replaced as a whole needs its old members cleared: one level is what this test is about.
        if not any(isinstance(original.get(name), dict) and isinstance(value, dict) for name, value in wanted.items()):
            assert merge(original, patch) == wanted
    else:
        assert merge(original, wanted) == wanted or isinstance(wanted, dict)


class Light(msgspec.Struct, frozen=True, rename="camel"):
    """What can be chosen of a light."""

    shade_colour: str = "white"
    steps: int = 3


class Room(msgspec.Struct, frozen=True):
    """What can be chosen of a room."""

    name: str = "room"
    light: Light = Light()


class ChangeLight(Body, frozen=True, kw_only=True):
    """A patch of a light."""

    shade_colour: str | UnsetType | None = UNSET
    steps: int | UnsetType | None = UNSET


class ChangeRoom(Body, frozen=True, kw_only=True):
    """A patch of a room."""

    name: str | UnsetType | None = UNSET
    light: ChangeLight | UnsetType | None = UNSET


@pytest.mark.parametrize(
    ("sent", "then"),
    [
        (b"{}", Room("hall", Light("red", 5))),
        (b'{"name":null}', Room("room", Light("red", 5))),
        (b'{"light":{"shadeColour":null}}', Room("hall", Light("white", 5))),
        (b'{"light":{"steps":1}}', Room("hall", Light("red", 1))),
        (b'{"light":null,"name":"attic"}', Room("attic", Light())),
    ],
)
def test_absent_stays_null_brings_the_default_back_and_depth_does_not_matter(sent: bytes, then: Room) -> None:
    assert merged(Room("hall", Light("red", 5)), msgspec.json.decode(sent, type=ChangeRoom)) == then


def test_what_makes_no_sense_together_is_told_with_its_place() -> None:
    class Loose(Body, frozen=True, kw_only=True):
        light: dict[str, str]

    with pytest.raises(Invalid) as refused:
        merged(Room(), Loose(light={"steps": "many"}))
    assert [error.pointer for error in refused.value.errors] == ["/light/steps"]
