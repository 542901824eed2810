"""A line of the national list: read when it names a procedure, refused in words when it does not, never a crash."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.procedures.errors import RowUnreadable
from backend.procedures.national import NationalRow, read_line

SMALL = {"ma_thu_tuc": "1.001193", "ten_thu_tuc": "Thủ tục đăng ký khai sinh"}


def line(**fields: str) -> bytes:
    return json.dumps({**SMALL, **fields}, ensure_ascii=False).encode()


def test_code_and_name_are_enough() -> None:
    facts = read_line(line())
    assert (facts.code, facts.name, facts.levels, facts.channel_table.channels) == ("1.001193", SMALL["ten_thu_tuc"], (), ())


def test_levels_become_ours_and_an_unknown_one_stays() -> None:
    assert read_line(line(cap_thuc_hien="Cấp bộ, Cấp xã, Cấp vùng")).levels == ("ministry", "commune", "Cấp vùng")


def test_a_kind_of_applicant_keeps_its_own_commas() -> None:
    text = "Tổ chức (không bao gồm doanh nghiệp, HTX), Cán bộ, công chức, viên chức, Đảng viên"
    kinds = ("Tổ chức (không bao gồm doanh nghiệp, HTX)", "Cán bộ, công chức, viên chức", "Đảng viên")
    assert read_line(line(doi_tuong_thuc_hien=text)).applicants == kinds


def test_headings_and_the_portals_own_form_are_not_content() -> None:
    tail = "Từ khóaKhông có thông tinMô tảKhông có thông tinChọn cơ quan thực hiệnTỉnh/ Thành phốBộ ngành--Nộp hồ sơ"
    facts = read_line(
        line(
            ket_qua_xu_ly="Giấy khai sinhMã: KQ.G15.000314" + tail,
            can_cu_phap_ly="Tên văn bản pháp lýMã văn bảnLuật Hộ tịch60/2014/QH13",
            thanh_phan_ho_so="--Tên giấy tờMẫu đơn, tờ khaiSố lượngTờ khai1 bản chính",
            co_quan_thuc_hien="Không có thông tin",
        )
    )
    assert facts.result == "Giấy khai sinhMã: KQ.G15.000314"
    assert (facts.legal_basis, facts.papers) == ("Luật Hộ tịch60/2014/QH13", "Tờ khai1 bản chính")
    assert facts.implementing_agency == ""


def test_names_are_cleaned_to_one_line() -> None:
    assert read_line(line(ten_thu_tuc="  Cấp\u00a0lại \n thẻ\u200b ")).name == "Cấp lại thẻ"


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (b"{", "not a JSON object"),
        (b"\xff{}", "not a JSON object"),
        (b"[]", "not a JSON object"),
        (b'{"ten_thu_tuc": "x"}', "ma_thu_tuc"),
        (line(ma_thu_tuc="khai sinh"), "not a procedure code: 'khai sinh'"),
        (line(ten_thu_tuc=" \u200b"), "has no name"),
        (b'{"ma_thu_tuc": "1.001193", "ten_thu_tuc": 7}', "ten_thu_tuc"),
    ],
)
def test_what_names_no_procedure_is_refused_with_the_reason(broken: bytes, reason: str) -> None:
    with pytest.raises(RowUnreadable) as refused:
        read_line(broken)
    assert reason in str(refused.value.detail)


def test_a_byte_order_mark_does_no_harm() -> None:
    assert read_line(b"\xef\xbb\xbf" + line()).code == "1.001193"


@given(st.one_of(st.binary(), st.fixed_dictionaries({}, optional=dict.fromkeys(NationalRow.__struct_fields__, st.text())).map(
    lambda row: json.dumps({**SMALL, **row}).encode()
)))  # fmt: skip
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    with contextlib.suppress(RowUnreadable):
        assert read_line(raw).name
