"""What the counter may promise: one clear limit in working days, or nothing."""

from backend.procedures.channels import read_channels
from backend.procedures.promise import working_days


def promised(table: str) -> int | None:
    return working_days(read_channels(table).channels)


def test_the_counters_own_limit_counts() -> None:
    assert promised("Trực tuyến3 Ngày làm việcMiễn phíTrực tiếp7 Ngày làm việcMiễn phí") == 7


def test_where_no_counter_is_named_what_all_agree_on_counts() -> None:
    assert promised("Trực tuyến3 Ngày làm việcMiễn phíDịch vụ bưu chính3 Ngày làm việcMiễn phí") == 3


def test_several_limits_promise_nothing() -> None:
    assert promised("Trực tiếp1 Ngày làm việcMiễn phíTrực tiếp2 Ngày làm việcMiễn phí") is None


def test_other_units_and_unreadable_limits_promise_nothing() -> None:
    assert promised("Trực tiếp15 NgàyMiễn phí") is None
    assert promised("Trực tiếp5Miễn phí") is None
    assert promised("") is None
