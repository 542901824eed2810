"""The portal's table of channels: what is printed clearly is read, what is not stays text, and no figure is ever lost."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.procedures.channels import CHANNELS, HEADING, Channel, read_channels
from backend.procedures.fees import Fee
from backend.procedures.limits import UNITS, TimeLimit

FRAGMENTS = [
    *CHANNELS, *UNITS, HEADING, "Miễn phí", "Không có thông tin", " Việt Nam Đồng", " VNĐ", " USD", "(", ")", "(i)", " ", "\n", ",",
    "Nộp hồ sơ trực tuyến", "Không phải trả kết quả", "trong thời hạn 05 ngày làm việc", "7 ", "15", "10,000", "1100", "25", "٣",
]  # fmt: skip


def only(text: str) -> Channel:
    table = read_channels(HEADING + text)
    assert table.rest == ""
    (channel,) = table.channels
    return channel


def figures(text: str) -> list[str]:
    return re.findall(r"\d+", text)


def pieces(text: str) -> str:
    table = read_channels(text)
    cut = [[*(limit.text for limit in c.time_limits), *(fee.text for fee in c.fees), c.note] for c in table.channels]
    return "|".join([table.rest, *(piece for row in cut for piece in row)])


def test_a_row_is_read_with_limit_fee_and_remark() -> None:
    channel = only("Trực tuyến7 Ngày làm việc10,000 Việt Nam Đồng(10.000 đồng/lần)Nộp trực tuyến qua cổng.")
    limit, fee = TimeLimit("7 Ngày làm việc", 7, "working_days"), Fee("10,000 Việt Nam Đồng(10.000 đồng/lần)", 10_000)
    assert channel == Channel("online", (limit,), (fee,), "Nộp trực tuyến qua cổng.")


@pytest.mark.parametrize(("words", "unit"), UNITS.items())
def test_every_unit_of_the_portal_is_known(words: str, unit: str) -> None:
    (limit,) = only(f"Trực tiếp15 {words}Miễn phí").time_limits
    assert (limit.amount, limit.unit) == (15, unit)


def test_three_channels_run_together_are_told_apart() -> None:
    table = read_channels(HEADING + "Trực tuyến5 NgàyMiễn phíDịch vụ bưu chính5 NgàyMiễn phíTrực tiếp10 NgàyMiễn phí")
    assert [(c.channel, c.time_limits[0].amount) for c in table.channels] == [("online", 5), ("post", 5), ("counter", 10)]


def test_limits_of_several_kinds_of_case_keep_their_remarks() -> None:
    table = read_channels("Trực tiếp1 NgàyMiễn phíxe thương mại.Trực tiếp2 NgàyMiễn phíxe phi thương mại.")
    assert [(c.time_limits[0].amount, c.note) for c in table.channels] == [(1, "xe thương mại."), (2, "xe phi thương mại.")]


def test_a_number_without_a_unit_stays_text() -> None:
    assert only("Trực tuyến5Miễn phí").time_limits == (TimeLimit("5"),)


def test_a_limit_in_words_stays_text() -> None:
    channel = only("Trực tuyếnKhông phải trả kết quả cho người nộp thuếMiễn phíBằng phương thức điện tử")
    assert channel.time_limits == (TimeLimit("Không phải trả kết quả cho người nộp thuế"),)
    assert channel.note == "Bằng phương thức điện tử"


def test_limit_and_fee_printed_as_one_number_are_not_cut() -> None:
    assert only("Trực tuyến1100 VNĐ(Phí công bố: 100.000 đồng)") == Channel("online", note="1100 VNĐ(Phí công bố: 100.000 đồng)")
    assert only("Trực tuyến150,000 VNĐ").fees == ()
    assert read_channels("Trực tuyếnKhông quá 310,000 VNĐ").channels == ()


def test_no_information_is_no_limit_and_no_fee() -> None:
    assert only("Trực tiếpKhông có thông tinKhông có thông tinTại trụ sở") == Channel("counter", note="Tại trụ sở")


def test_free_of_charge_with_a_condition_in_brackets_is_not_free() -> None:
    assert only("Trực tuyến5 NgàyMiễn phí(Lệ phí cấp mới 40.000đồng/lần)").fees[0].amount is None
    assert only("Trực tuyến5 NgàyMiễn phí(Không quy định)").fees[0].amount == 0
    assert only("Trực tuyến5 NgàyMiễn phí(i) Đối với hồ sơ giấy").fees == (Fee("Miễn phí", 0),)


def test_a_fee_that_has_lost_its_thousands_is_not_believed() -> None:
    assert only("Trực tuyến3 Ngày làm việc100 VNĐ(100.000 đồng/lần)").fees == (Fee("100 VNĐ(100.000 đồng/lần)"),)


def test_a_fee_in_another_currency_stays_text() -> None:
    assert only("Trực tiếp6 Tháng100 USD(100 USD/thẻ.)").fees == (Fee("100 USD(100 USD/thẻ.)"),)


def test_a_channel_named_in_running_prose_begins_no_row() -> None:
    channel = only("Trực tuyến3 NgàyMiễn phí(Không)Trực tiếp tại trụ sở, hoặc Trực tuyến: qua cổng (Dịch vụ bưu chính).")
    assert channel.note == "Trực tiếp tại trụ sở, hoặc Trực tuyến: qua cổng (Dịch vụ bưu chính)."


def test_what_stands_before_the_first_channel_is_kept() -> None:
    assert read_channels("Theo quy định 12 ngày").rest == "Theo quy định 12 ngày"


@given(st.one_of(st.text(), st.lists(st.sampled_from(FRAGMENTS), max_size=30).map("".join)))
def test_any_text_is_taken_and_no_figure_of_it_is_lost(text: str) -> None:
    assert figures(pieces(text)) == figures(text)


ROWS = st.lists(
    st.tuples(st.sampled_from(list(CHANNELS)), st.integers(1, 9_999), st.sampled_from(list(UNITS)), st.integers(1, 999)),
    min_size=1,
)


@given(ROWS, st.sampled_from(["", "(mỗi lần)", "Nộp tại quầy.", "\nTrực tiếp tại quầy, 05 ngày"]))
def test_whatever_the_portal_prints_clearly_is_read_back(rows: list[tuple[str, int, str, int]], remark: str) -> None:
    text = HEADING + "".join(f"{name}{amount} {unit}{fee},000 VNĐ{remark}" for name, amount, unit, fee in rows)
    read = [(c.channel, c.time_limits[0].amount, c.time_limits[0].unit, c.fees[0].amount) for c in read_channels(text).channels]
    assert read == [(CHANNELS[name], amount, UNITS[unit], fee * 1_000) for name, amount, unit, fee in rows]
