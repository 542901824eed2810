"""Finding values of one class in rows and fields at any depth, and putting others in their place."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

T = TypeVar("T")


def each(value: Any, wanted: type[T]) -> list[T]:
    """Every value of this class, in the order of reading."""
    found: list[T] = []
    _collect([value], wanted, found)
    return found


def _collect(values: Iterable[Any], wanted: type[T], found: list[T]) -> None:
    # Appending is twice as quick as generators within generators, and every row read passes here; most of what is in it is
    # neither wanted nor holds anything, and is worth no call of its own.
    for value in values:
        if isinstance(value, wanted):
            found.append(value)
        elif isinstance(value, dict):
            _collect(value.values(), wanted, found)
        elif isinstance(value, (list, tuple)):
            _collect(value, wanted, found)


def replaced(value: Any, wanted: type[T], by: Callable[[T], Any]) -> Any:
    """A copy in which each of them is what `by` makes of it. A tuple comes back as a list: BSON knows no tuples."""
    if isinstance(value, wanted):
        return by(value)
    if isinstance(value, dict):
        return {name: replaced(child, wanted, by) for name, child in value.items()}
    if isinstance(value, (list, tuple)):
        return [replaced(child, wanted, by) for child in value]
    return value
