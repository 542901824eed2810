"""By when the house owes an answer. The terms are rows, so that a new decree changes a number and nothing else (SEC-77)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from kernel.calendar import Calendar, due_at


@dataclass(frozen=True)
class Term:
    """So many working days, and who says so."""

    days: int
    basis: str


@dataclass(frozen=True)
class Owed:
    """How long one kind of request may take, and how much longer after its one extension."""

    answer: Term
    extension: Term


ACKNOWLEDGE = Term(2, "Nghị định 356/2025/NĐ-CP: phản hồi trong 02 ngày làm việc kể từ khi nhận yêu cầu")
# The spec leaves open which day between 10 and 20 the decree gives for handing out (security.md 6): the shorter one is kept.
PROVIDE = Term(10, "Nghị định 356/2025/NĐ-CP: cung cấp dữ liệu trong 10 ngày")
ERASE = Term(20, "Nghị định 356/2025/NĐ-CP: thực hiện yêu cầu xóa dữ liệu trong 20 ngày")
EXTENSION = Term(20, "Nghị định 356/2025/NĐ-CP: gia hạn một lần, có lý do")
_EXTENDS_BY_15 = Term(15, "Nghị định 356/2025/NĐ-CP: gia hạn một lần không quá 15 ngày, có lý do")
WAIT = Term(3, "Quy tắc của hệ thống: thời gian để rút lại một yêu cầu nhầm hoặc bị mạo danh")

_RECTIFY = Term(10, "Nghị định 356/2025/NĐ-CP: chỉnh sửa dữ liệu trong 10 ngày")
_RESTRICT = Term(15, "Nghị định 356/2025/NĐ-CP: hạn chế xử lý dữ liệu trong 15 ngày")
_OBJECT = Term(15, "Nghị định 356/2025/NĐ-CP: giải quyết phản đối xử lý dữ liệu trong 15 ngày")

OWED: Mapping[str, Owed] = {
    "erasure": Owed(ERASE, EXTENSION),
    # The spec names no extension for a correction: it may double, as an erasure may.
    "rectification": Owed(_RECTIFY, Term(10, "Nghị định 356/2025/NĐ-CP: gia hạn một lần, có lý do")),
    "restriction": Owed(_RESTRICT, _EXTENDS_BY_15),
    "objection": Owed(_OBJECT, _EXTENDS_BY_15),
}

LATE, SOON = "late", "soon"

# Law 91/2025/QH15 carries over the 72 hours of Decree 13/2023, article 23: hours run on, holidays or not.
BREACH_NOTICE = timedelta(hours=72)
# So much earlier it is said aloud that a notice is still owed: it has to be written, signed and sent.
BREACH_PRESSES = timedelta(hours=24)
EXPORT_OFFER = timedelta(hours=24)


def pressing(notify_by: datetime, now: datetime) -> str | None:
    """How much a notice presses that is still owed: `late`, `soon` in the last 24 hours, None before that."""
    if now > notify_by:
        return LATE
    return SOON if notify_by - now < BREACH_PRESSES else None


def acknowledge_by(requested_at: datetime, calendar: Calendar) -> datetime:
    """When the citizen must have been answered."""
    return due_at(requested_at, ACKNOWLEDGE.days, calendar)


def due_by(kind: str, requested_at: datetime, calendar: Calendar) -> datetime:
    """When what was asked for must have been done, counted from the request and not from our answer to it."""
    return due_at(requested_at, OWED[kind].answer.days, calendar)


def provide_by(requested_at: datetime, calendar: Calendar) -> datetime:
    """When a copy of the data must have been offered."""
    return due_at(requested_at, PROVIDE.days, calendar)


def extended(kind: str, due: datetime, calendar: Calendar) -> datetime:
    """The new due date after the one extension."""
    return due_at(due, OWED[kind].extension.days, calendar)


def waits_until(start: datetime, due_by: datetime, calendar: Calendar) -> datetime:
    """When the waiting period ends: never after the due date, for the law does not know our waiting period."""
    return max(start, min(due_at(start, WAIT.days, calendar), due_by))
