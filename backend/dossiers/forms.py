"""The seven forms of a dossier's life as letters (Circular 03/2025/TT-VPCP, Annex I): the same facts as the app shows, on paper.

    accepted ── 01 ──> papers missing ── 02 ──> ... ── 06 goes along ──> result        03 refused   05 stopped
                                                  └─ overdue ── 04: apology and new date       07 the office's register

The names changed between circulars and may again, so they are data with their source.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import msgspec

from backend.paper.letter import Letter, Row, Table
from kernel.clock import VIETNAM


class FormName(msgspec.Struct, frozen=True):
    """What a form is called, in which paper, since when."""

    number: str
    title: str
    basis: str = "Thông tư 03/2025/TT-VPCP, Phụ lục I"
    since: date = date(2025, 7, 1)


FORMS = {
    form.number: form
    for form in (
        FormName("01", "Giấy tiếp nhận hồ sơ và hẹn trả kết quả"),
        FormName("02", "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ"),
        FormName("03", "Phiếu từ chối tiếp nhận giải quyết hồ sơ"),
        FormName("04", "Văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết"),
        FormName("05", "Thông báo dừng giải quyết hồ sơ"),
        FormName("06", "Phiếu kiểm soát quá trình giải quyết hồ sơ"),
        FormName("07", "Sổ theo dõi hồ sơ"),
    )
}


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """What every form says of its dossier. Agencies by name; `place` is where the paper is made out."""

    code: str
    procedure: str
    applicant: str
    agency: str
    above: str = ""
    place: str
    at: datetime
    official: str = ""


class Step(msgspec.Struct, frozen=True):
    """One line of the control sheet."""

    agency: str
    what: str
    at: datetime
    due_at: datetime | None = None


class Registered(msgspec.Struct, frozen=True):
    """One line of the register."""

    code: str
    applicant: str
    procedure: str
    received_at: datetime
    due_at: datetime | None
    finished_at: datetime | None
    status: str


def reception_slip(
    case: Case, *, received_at: datetime, due_at: datetime | None, papers: Sequence[str] = (), qr: str = ""
) -> Letter:
    """Form 01: what was handed in, when, and when the result will be there. `qr` opens the dossier on any phone."""
    promise = _moment(due_at) if due_at else "Thông báo sau theo quy định của thủ tục"
    received, due = Row("Thời gian nhận hồ sơ", _moment(received_at)), Row("Thời gian trả kết quả", promise)
    return _letter(
        "01",
        case,
        opening=f"{case.agency} đã tiếp nhận hồ sơ của:",
        rows=(*_whose(case), received, due),
        table=Table(("TT", "Giấy tờ đã nhận"), _numbered(papers), (1, 9)) if papers else None,
        closing=("Có thể theo dõi hồ sơ trên ứng dụng bằng mã hồ sơ hoặc bằng mã QR dưới đây.",) if qr else (),
        left_signs="Người nộp hồ sơ",
        right_signs="Người tiếp nhận hồ sơ",
        qr=qr,
        qr_says="Quét để theo dõi hồ sơ" if qr else "",
    )


def supplement_request(case: Case, *, items: Sequence[str], reason: str, respond_by: date | None) -> Letter:
    """Form 02: everything that is missing, at once, and why."""
    closing = [f"Lý do: {reason}"]
    if respond_by:
        closing.append(
            f"Đề nghị bổ sung trước ngày {respond_by:%d/%m/%Y}. Thời gian chờ bổ sung không tính vào thời hạn giải quyết."
        )
    return _letter(
        "02",
        case,
        opening="Hồ sơ dưới đây cần được bổ sung, hoàn thiện:",
        rows=_whose(case),
        table=Table(("TT", "Nội dung cần bổ sung, hoàn thiện"), _numbered(items), (1, 9)) if items else None,
        closing=tuple(closing),
        right_signs="Người hướng dẫn",
    )


def refusal(case: Case, *, reason: str) -> Letter:
    """Form 03: why the dossier is not taken, in words its applicant understands."""
    return _letter(
        "03",
        case,
        opening="Sau khi xem xét, cơ quan không tiếp nhận hồ sơ dưới đây:",
        rows=_whose(case),
        closing=(f"Lý do: {reason}",),
        right_signs="Người tiếp nhận hồ sơ",
    )


def apology(case: Case, *, promised: datetime, reason: str, new_date: datetime) -> Letter:
    """Form 04: that it is late, why, and the date that holds now."""
    return _letter(
        "04",
        case,
        opening=f"{case.agency} xin lỗi Ông/Bà vì chưa giải quyết xong đúng hẹn hồ sơ dưới đây:",
        rows=(*_whose(case), Row("Đã hẹn trả kết quả", _moment(promised)), Row("Hẹn lại", _moment(new_date))),
        closing=(f"Lý do: {reason}", "Rất mong Ông/Bà thông cảm vì sự chậm trễ này."),
        right_signs="Thủ trưởng cơ quan",
    )


def stop_notice(case: Case, *, reason: str) -> Letter:
    """Form 05: that work has stopped, and why."""
    return _letter(
        "05",
        case,
        opening="Cơ quan thông báo dừng giải quyết hồ sơ dưới đây:",
        rows=_whose(case),
        closing=(f"Lý do: {reason}",),
        right_signs="Thủ trưởng cơ quan",
    )


def control_sheet(case: Case, steps: Sequence[Step]) -> Letter:
    """Form 06: where the dossier has been, step by step; it goes along with it."""
    lines = tuple((step.agency, step.what, _moment(step.at), _moment(step.due_at) if step.due_at else "") for step in steps)
    return _letter(
        "06",
        case,
        rows=_whose(case),
        table=Table(("Cơ quan", "Việc", "Lúc", "Hạn"), lines, (4, 4, 3, 3)),
        right_signs="Người lập phiếu",
    )


def register(case: Case, dossiers: Sequence[Registered]) -> Letter:
    """Form 07: the office's dossiers of a stretch of time, one a line."""
    lines = tuple(
        (d.code, d.applicant, d.procedure, f"{_day(d.received_at)}", _day(d.due_at), _day(d.finished_at), d.status)
        for d in dossiers
    )
    head = ("Mã hồ sơ", "Người nộp", "Thủ tục", "Nhận", "Hẹn trả", "Xong", "Tình trạng")
    return _letter("07", case, table=Table(head, lines, (6, 5, 8, 3, 3, 3, 4)), right_signs="Người lập sổ", wide=True)


def _letter(number: str, case: Case, **said: Any) -> Letter:
    return Letter(
        form=f"Mẫu số {number}",
        title=FORMS[number].title,
        agency=case.agency,
        above=case.above,
        place=case.place,
        on=case.at.astimezone(VIETNAM).date(),
        right_name=case.official,
        **said,
    )


def _whose(case: Case) -> tuple[Row, ...]:
    return (Row("Ông/Bà", case.applicant), Row("Mã hồ sơ", case.code), Row("Nội dung yêu cầu giải quyết", case.procedure))


def _numbered(lines: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    return tuple((str(n), line) for n, line in enumerate(lines, start=1))


def _moment(at: datetime) -> str:
    return f"{at.astimezone(VIETNAM):%H giờ %M phút, ngày %d/%m/%Y}"


def _day(at: datetime | None) -> str:
    return f"{at.astimezone(VIETNAM):%d/%m/%Y}" if at else ""
