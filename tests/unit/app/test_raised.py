"""What can go wrong is read off the code, as a reader would."""

from collections.abc import Callable
from typing import Any

import pytest

from backend.app import raised
from backend.app.raised import problems_of
from kernel.errors import Conflict, Gone, Invalid, NotFound, Problem, TooMany, Unavailable


@pytest.fixture(autouse=True)
def this_module_is_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raised, "OURS", (*raised.OURS, __name__.partition(".")[0]))
    raised.attributes.cache_clear()


class Store:
    """Something a verb is given."""

    async def find(self) -> "Thing":
        raise NotFound

    @classmethod
    def opened(cls) -> "Store":
        raise Unavailable


class Thing:
    def change(self) -> None:
        """Change it.

        Raises:
            Conflict: somebody else did.
            ValueError: of no interest here.
        """


class Desk:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def show(self) -> Thing:
        return await self._store.find()


def straight() -> None:
    raise Invalid("no")


def made_and_not_raised() -> Problem:
    return Gone()


async def through_an_argument(store: Store) -> None:
    thing = await store.find()
    thing.change()


async def through_an_attribute(desk: Desk) -> None:
    await desk.show()


async def caught(store: Store) -> None:
    try:
        await store.find()
        straight()
    except NotFound:
        return


def caught_and_raised_again() -> None:
    try:
        straight()
    except Problem:
        caught_and_raised_again.__doc__ = "It went wrong."
        raise


def itself(n: int) -> None:
    if n:
        itself(n - 1)
    raise TooMany


def handed_over(call: Any) -> None:
    call(straight)


def of_a_class_the_module_names(unknown: Any) -> None:
    unknown.change()


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (straight, {Invalid}),
        (made_and_not_raised, {Gone}),
        (through_an_argument, {NotFound, Conflict}),
        (through_an_attribute, {NotFound}),
        (caught, {Invalid}),
        (caught_and_raised_again, {Invalid}),
        (itself, {TooMany}),
        (handed_over, {Invalid}),
        (of_a_class_the_module_names, {Conflict}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_problem_is_found_where_a_reader_would_find_it(function: Callable[..., Any], expected: set[type[Problem]]) -> None:
    assert problems_of(function) == expected


def test_a_method_knows_its_own_class() -> None:
    assert problems_of(Desk.show, Desk) == {NotFound}
    assert problems_of(Store.opened, Store) == {Unavailable}
