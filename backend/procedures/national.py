"""One line of the national portal's list, read into facts. What cannot be read stays text; what names no procedure is refused."""

import re
from codecs import BOM_UTF8
from dataclasses import dataclass

import msgspec

from backend.procedures import codes
from backend.procedures.channels import NO_INFORMATION, ChannelTable, read_channels
from backend.procedures.errors import ProcedureCodeMalformed, RowUnreadable
from kernel.text import clean

LEVELS = {"Cấp bộ": "ministry", "Cấp tỉnh": "province", "Cấp huyện": "district", "Cấp xã": "commune", "Cơ quan khác": "other"}

_PAPERS_HEADING = "Tên giấy tờMẫu đơn, tờ khaiSố lượng"
_LEGAL_HEADING = "Tên văn bản pháp lýMã văn bản"
# What the portal's page goes on with after the results: two empty search fields, then the form that picks an agency.
_AGENCY_FORM = re.compile(r"Chọn cơ quan thực hiện(?=Tỉnh/ Thành phố).*", re.DOTALL)
_EMPTY_FIELDS = f"Từ khóa{NO_INFORMATION}Mô tả{NO_INFORMATION}"
_COMMA_OUTSIDE_BRACKETS = re.compile(r", (?![^()]*\))")


class NationalRow(msgspec.Struct, frozen=True):
    """The line as it comes: every field is text, and the portal's own key."""

    ma_thu_tuc: str
    ten_thu_tuc: str
    so_quyet_dinh: str = ""
    cap_thuc_hien: str = ""
    loai_thu_tuc: str = ""
    linh_vuc: str = ""
    doi_tuong_thuc_hien: str = ""
    co_quan_co_tham_quyen: str = ""
    co_quan_thuc_hien: str = ""
    cach_thuc_thuc_hien: str = ""
    thanh_phan_ho_so: str = ""
    can_cu_phap_ly: str = ""
    ket_qua_xu_ly: str = ""
    trinh_tu_thuc_hien: str = ""
    bo_nganh: str = ""


@dataclass(frozen=True)
class ProcedureFacts:
    """What is known of a procedure. Empty text means that the source says nothing."""

    code: str
    name: str
    decision: str
    levels: tuple[str, ...]
    kind: str
    field: str
    applicants: tuple[str, ...]
    competent_agency: str
    implementing_agency: str
    channel_table: ChannelTable
    papers: str
    legal_basis: str
    result: str
    steps: str
    ministry: str


_decoder = msgspec.json.Decoder(NationalRow)


def read_line(line: bytes) -> ProcedureFacts:
    """Read one JSON line.

    Raises:
        RowUnreadable: bad JSON, a field that is not text, no code, no name; the detail says which.
    """
    try:
        row = _decoder.decode(line.removeprefix(BOM_UTF8))
        code = codes.parse(row.ma_thu_tuc).text
    except (msgspec.DecodeError, UnicodeDecodeError) as broken:
        raise RowUnreadable(f"not a JSON object of text fields: {broken}") from broken
    except ProcedureCodeMalformed as broken:
        raise RowUnreadable(f"not a procedure code: {row.ma_thu_tuc[:40]!r}") from broken
    name = _line_of(row.ten_thu_tuc)
    if not name:
        raise RowUnreadable(f"procedure {code} has no name")
    return _facts(code, name, row)


def _facts(code: str, name: str, row: NationalRow) -> ProcedureFacts:
    return ProcedureFacts(
        code=code,
        name=name,
        decision=_line_of(row.so_quyet_dinh),
        levels=tuple(LEVELS.get(level, level) for level in _said(row.cap_thuc_hien).split(", ") if level),
        kind=_line_of(row.loai_thu_tuc),
        field=_line_of(row.linh_vuc),
        applicants=_applicants(_line_of(row.doi_tuong_thuc_hien)),
        competent_agency=_line_of(row.co_quan_co_tham_quyen),
        implementing_agency=_line_of(row.co_quan_thuc_hien),
        channel_table=read_channels(_said(row.cach_thuc_thuc_hien)),
        papers=_said(row.thanh_phan_ho_so).replace(_PAPERS_HEADING, "\n").lstrip("-\n").strip(),
        legal_basis=_said(_said(row.can_cu_phap_ly).removeprefix(_LEGAL_HEADING)),
        result=_AGENCY_FORM.sub("", _said(row.ket_qua_xu_ly)).removesuffix(_EMPTY_FIELDS).strip(),
        steps=_said(row.trinh_tu_thuc_hien),
        ministry=_line_of(row.bo_nganh),
    )


def _applicants(text: str) -> tuple[str, ...]:
    """The kinds of applicant, each of which begins with a capital: "Cán bộ, công chức, viên chức" is one."""
    kinds: list[str] = []
    for part in _COMMA_OUTSIDE_BRACKETS.split(text):
        if kinds and not part[:1].isupper():
            kinds[-1] += f", {part}"
        elif part:
            kinds.append(part)
    return tuple(kinds)


def _said(raw: str) -> str:
    """Clean text; the portal's "no information" is nothing."""
    text = clean(raw)
    return "" if text == NO_INFORMATION else text


def _line_of(raw: str) -> str:
    return " ".join(_said(raw).split())
