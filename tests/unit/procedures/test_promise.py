"""What the counter may promise: one clear limit in the unit it is printed in, or nothing."""

import pytest

from backend.procedures.channels import read_channels
from backend.procedures.promise import promised as promised_by
from kernel.deadline import Term, Unit


def promised(table: str) -> Term | None:
    return promised_by(read_channels(table).channels)


def test_the_counters_own_limit_counts() -> None:
    assert promised("Trực tuyến3 Ngày làm việcMiễn phíTrực tiếp7 Ngày làm việcMiễn phí") == Term(7, "working_days")


def test_where_no_counter_is_named_what_all_agree_on_counts() -> None:
    assert promised("Trực tuyến3 Ngày làm việcMiễn phíDịch vụ bưu chính3 Ngày làm việcMiễn phí") == Term(3, "working_days")


def test_several_limits_promise_nothing() -> None:
    assert promised("Trực tiếp1 Ngày làm việcMiễn phíTrực tiếp2 Ngày làm việcMiễn phí") is None


@pytest.mark.parametrize(
    ("words", "unit"),
    [("Ngày", "calendar_days"), ("Giờ làm việc", "working_hours"), ("Giờ", "hours"), ("Tháng", "months")],
)
def test_every_unit_the_portal_prints_is_promised(words: str, unit: Unit) -> None:
    assert promised(f"Trực tiếp15 {words}Miễn phí") == Term(15, unit)


def test_unreadable_limits_promise_nothing() -> None:
    assert promised("Trực tiếp5Miễn phí") is None
    assert promised("") is None
