"""Letters as people print them: what is said is on the paper, letter by letter, and nothing said can become markup."""

import io
from datetime import date

import msgspec
import pikepdf
from pypdf import PdfReader

from backend.paper.letter import Letter, Row, Table
from backend.paper.typeset import typeset

LETTER = Letter(
    form="Mẫu số 01",
    agency="Trung tâm Phục vụ hành chính công phường An Xuyên",
    above="Ủy ban nhân dân phường An Xuyên",
    number="0007/TNHS",
    place="An Xuyên",
    on=date(2026, 6, 5),
    title="Giấy tiếp nhận hồ sơ và hẹn trả kết quả",
    opening="Đã tiếp nhận hồ sơ của:",
    rows=(Row("Ông/Bà", "Nguyễn Thị Lữ Ước"), Row("Mã hồ sơ", "H12.13-260615-0007")),
    table=Table(("TT", "Giấy tờ"), (("1", "Đơn đề nghị"), ("2", "Bản sao trích lục")), (1, 5)),
    closing=("Khi đến nhận kết quả, mang theo giấy này.",),
    right_signs="Người tiếp nhận",
    right_name="Đặng Quỳnh Giao",
)


def words(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def test_everything_a_letter_says_is_on_the_paper() -> None:
    found = words(typeset(LETTER))
    for said in (
        "Độc lập - Tự do - Hạnh phúc",
        "ngày 05 tháng 06 năm 2026",
        "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ",
        "Nguyễn Thị Lữ Ước",
        "H12.13-260615-0007",
        "Bản sao trích lục",
        "Đặng Quỳnh Giao",
    ):
        assert said in found


def test_the_same_letter_is_the_same_bytes() -> None:
    assert typeset(LETTER) == typeset(LETTER)


def test_what_is_said_stays_text() -> None:
    hostile = '#read("/etc/passwd") $x$ *b* <a> \\ #panic()'
    assert hostile in words(typeset(msgspec.structs.replace(LETTER, rows=(Row("Ghi chú", hostile),))))


def test_a_code_is_drawn_and_described() -> None:
    pdf = typeset(msgspec.structs.replace(LETTER, qr="https://app.example/d/1", qr_says="Quét để tra cứu"))
    assert "Quét để tra cứu" in words(pdf)
    assert len(pdf) > len(typeset(LETTER))


def test_it_can_be_kept_for_decades_and_runs_nothing() -> None:
    with pikepdf.open(io.BytesIO(typeset(LETTER))) as pdf:
        assert pdf.open_metadata().pdfa_status == "2A"
        assert "/OpenAction" not in pdf.Root
        assert "/Names" not in pdf.Root
        assert str(pdf.Root["/Lang"]) == "vi"


def test_a_long_list_goes_on_over_the_page() -> None:
    rows = tuple((str(n), f"Giấy tờ số {n}") for n in range(1, 120))
    pdf = typeset(msgspec.structs.replace(LETTER, table=Table(("TT", "Giấy tờ"), rows, (1, 9))))
    assert len(PdfReader(io.BytesIO(pdf)).pages) > 1
    assert "Giấy tờ số 119" in words(pdf)
