"""Two levels and no third; an agency that is gone is its successor's."""

from datetime import date

import msgspec
import pytest

from backend.agencies.actions.catalogue import shipped_catalogue
from backend.agencies.tree import misplaced, taken_over

DAY = date(2026, 7, 1)


class Row(msgspec.Struct):
    code: str
    kind: str
    parent: str | None = None


class Office(msgspec.Struct):
    id: str
    until: date | None = None
    successor: str | None = None

    def exists_on(self, day: date) -> bool:
        return self.until is None or day < self.until


PROVINCE, WARD, ITS_CENTRE = Row("H12", "province"), Row("H12.101", "commune", "H12"), Row("H12.101.1", "service_centre", "H12.101")


def test_the_shipped_catalogue_is_a_government_of_two_levels() -> None:
    assert [*misplaced(shipped_catalogue())] == []
    assert [*misplaced([PROVINCE, WARD, ITS_CENTRE])] == []


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (Row("H12.50", "district", "H12"), "no kind"),
        (Row("H12.101.9", "commune", "H12.101"), "directly under"),
        (Row("H12.101.1.1", "department", "H12.101.1"), "third level"),
        (Row("H12.7", "department", "H99"), "there is no H99"),
        (Row("H13", "department"), "at the top"),
        (Row("H12.8", "province", "H12"), "at the top"),
        (Row("H12.9", "department", "H12.9"), "circle"),
    ],
)
def test_a_third_level_is_refused_by_name(row: Row, why: str) -> None:
    (said,) = misplaced([PROVINCE, WARD, ITS_CENTRE, row])
    assert said.startswith(row.code)
    assert why in said


def test_what_is_gone_is_the_last_successors() -> None:
    gone = Office("a", DAY, "b"), Office("b", DAY, "c"), Office("d", DAY), Office("e", DAY, "f"), Office("f", DAY, "e")
    assert taken_over([*gone, Office("later", date(2026, 7, 2), "c")], DAY) == {"a": "c", "b": "c", "d": None, "e": None, "f": None}
    assert taken_over(gone, date(2026, 6, 30)) == {}
