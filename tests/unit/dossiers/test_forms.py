"""The seven forms say what the app says, under the name their circular gives them."""

import io
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from pypdf import PdfReader

from backend.dossiers import forms
from backend.paper.letter import Letter
from backend.paper.typeset import typeset

AT = datetime(2026, 6, 15, 2, 12, tzinfo=UTC)
DUE = datetime(2026, 7, 13, 10, 0, tzinfo=UTC)
CASE = forms.Case(
    code="H12.13-260615-0007",
    procedure="Đăng ký đất đai, tài sản gắn liền với đất lần đầu",
    applicant="Nguyễn Thị Lan",
    agency="Trung tâm Phục vụ hành chính công phường An Xuyên",
    above="Ủy ban nhân dân phường An Xuyên",
    place="An Xuyên",
    at=AT,
    official="Trần Văn Minh",
)
REASON = "Thiếu bản vẽ ranh giới thửa đất có xác nhận của chủ sử dụng đất liền kề."
ONE_STEP = [forms.Step("Chi nhánh Văn phòng đăng ký đất đai", "Đang xử lý", AT, DUE)]
ONE_DOSSIER = [forms.Registered(CASE.code, CASE.applicant, "Đăng ký đất đai", AT, DUE, None, "Đang xử lý")]

EVERY: dict[str, tuple[Callable[[], Letter], list[str]]] = {
    "01": (
        lambda: forms.reception_slip(CASE, received_at=AT, due_at=DUE, papers=["Đơn đăng ký"], qr="https://app.example/d/1"),
        ["09 giờ 12 phút, ngày 15/06/2026", "17 giờ 00 phút, ngày 13/07/2026", "Đơn đăng ký", "Quét để theo dõi hồ sơ"],
    ),
    "02": (
        lambda: forms.supplement_request(CASE, items=["Bản vẽ ranh giới"], reason=REASON, respond_by=date(2026, 6, 30)),
        ["Bản vẽ ranh giới", REASON, "30/06/2026"],
    ),
    "03": (lambda: forms.refusal(CASE, reason=REASON), ["không tiếp nhận", REASON]),
    "04": (
        lambda: forms.apology(CASE, promised=AT, reason=REASON, new_date=DUE),
        ["xin lỗi", "09 giờ 12 phút, ngày 15/06/2026", "17 giờ 00 phút, ngày 13/07/2026", REASON],
    ),
    "05": (lambda: forms.stop_notice(CASE, reason=REASON), ["dừng giải quyết", REASON]),
    "06": (lambda: forms.control_sheet(CASE, ONE_STEP), ["Chi nhánh Văn phòng đăng ký đất đai", "Đang xử lý"]),
    "07": (lambda: forms.register(CASE, ONE_DOSSIER), ["13/07/2026", "Nguyễn Thị Lan"]),
}


def words(letter: Letter) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(typeset(letter))).pages).split())


@pytest.mark.parametrize("number", sorted(forms.FORMS))
def test_a_form_says_on_paper_what_the_app_says(number: str) -> None:
    make, sentences = EVERY[number]
    found = words(make())
    assert f"Mẫu số {number}" in found
    assert forms.FORMS[number].title.upper() in found
    assert [said for said in sentences if said not in found] == []


def test_a_slip_without_a_due_date_promises_none() -> None:
    assert "Thông báo sau" in words(forms.reception_slip(CASE, received_at=AT, due_at=None))
