"""The ten national statuses and the moves between them: one table for guards, labels, clock and documentation.

Codes, labels and clock effects are the wire contract with the national portal (domain.md B3). A source system's word is recorded
even where the table has no such move: it is marked irregular, never refused.
"""

from dataclasses import dataclass
from typing import Literal

from kernel.machine import Machine, move

REGISTERED, ACCEPTED, NOT_ACCEPTED = "registered", "accepted", "not_accepted"
PROCESSING, AWAITING_PAPERS, AWAITING_PAYMENT = "processing", "awaiting_papers", "awaiting_payment"
WITHDRAWAL_REQUESTED, STOPPED, FINISHED, RETURNED = "withdrawal_requested", "stopped", "finished", "returned"

ClockEffect = Literal["idle", "running", "paused", "stopped"]


@dataclass(frozen=True)
class Status:
    """One national status: its number on the national portal, what people call it, what it does to the deadline's clock."""

    code: int
    name: str
    vi: str
    en: str
    clock: ClockEffect
    terminal: bool = False


STATUSES: dict[str, Status] = {
    status.name: status
    for status in (
        Status(1, REGISTERED, "Mới đăng ký", "Newly registered", "idle"),
        Status(2, ACCEPTED, "Được tiếp nhận", "Accepted", "running"),
        Status(3, NOT_ACCEPTED, "Không được tiếp nhận", "Not accepted", "stopped", terminal=True),
        Status(4, PROCESSING, "Đang xử lý", "In process", "running"),
        Status(5, AWAITING_PAPERS, "Yêu cầu bổ sung giấy tờ", "More papers requested", "paused"),
        Status(6, AWAITING_PAYMENT, "Yêu cầu thực hiện nghĩa vụ tài chính", "Payment requested", "paused"),
        Status(7, WITHDRAWAL_REQUESTED, "Công dân yêu cầu rút hồ sơ", "Withdrawal requested", "paused"),
        Status(8, STOPPED, "Dừng xử lý", "Stopped", "stopped", terminal=True),
        Status(9, FINISHED, "Đã xử lý xong", "Finished, result ready", "stopped"),
        Status(10, RETURNED, "Đã trả kết quả", "Result returned", "stopped", terminal=True),
    )
}

_OFFICE = ("intake_officer", "handler", "approver")

DOSSIER = Machine(
    "dossier",
    [REGISTERED, ACCEPTED],
    move("accept", [REGISTERED], ACCEPTED, "Tiếp nhận", "Accept", by="intake_officer"),
    move("refuse", [REGISTERED], NOT_ACCEPTED, "Từ chối tiếp nhận", "Refuse", by="intake_officer", needs_reason=True),
    move("start_processing", [ACCEPTED], PROCESSING, "Bắt đầu xử lý", "Start processing", by="handler"),
    # The receiving desk may also ask before it accepts; the clock has not started then and stays idle.
    move(
        "request_papers",
        [REGISTERED, ACCEPTED, PROCESSING],
        AWAITING_PAPERS,
        "Yêu cầu bổ sung",
        "Ask for papers",
        by=_OFFICE,
        needs_reason=True,
    ),
    move(
        "request_payment",
        [ACCEPTED, PROCESSING],
        AWAITING_PAYMENT,
        "Yêu cầu nộp tiền",
        "Ask for payment",
        by="handler",
        needs_reason=True,
    ),
    move("papers_received", [AWAITING_PAPERS], PROCESSING, "Đã nhận bổ sung", "Papers received", by=_OFFICE),
    move(
        "accept_supplemented", [AWAITING_PAPERS], ACCEPTED, "Tiếp nhận sau bổ sung", "Accept after supplement", by="intake_officer"
    ),
    move("payment_received", [AWAITING_PAYMENT], PROCESSING, "Đã nộp tiền", "Payment received", by=_OFFICE),
    move(
        "request_withdrawal",
        [REGISTERED, ACCEPTED, PROCESSING, AWAITING_PAPERS, AWAITING_PAYMENT],
        WITHDRAWAL_REQUESTED,
        "Xin rút hồ sơ",
        "Ask to withdraw",
        by="citizen",
    ),
    move(
        "refuse_withdrawal",
        [WITHDRAWAL_REQUESTED],
        PROCESSING,
        "Không cho rút",
        "Refuse the withdrawal",
        by="handler",
        needs_reason=True,
    ),
    move(
        "stop",
        [ACCEPTED, PROCESSING, AWAITING_PAPERS, AWAITING_PAYMENT, WITHDRAWAL_REQUESTED],
        STOPPED,
        "Dừng xử lý",
        "Stop",
        by="approver",
        needs_reason=True,
    ),
    # A finished dossier carries its result: it is reached by publishing the file, not by a bare transition.
    move(
        "publish_result", [ACCEPTED, PROCESSING, AWAITING_PAYMENT], FINISHED, "Công bố kết quả", "Publish the result", by="approver"
    ),
    # Land dossiers owe their tax between the finished result and its return.
    move(
        "request_payment_before_return",
        [FINISHED],
        AWAITING_PAYMENT,
        "Yêu cầu nộp tiền trước khi trả",
        "Ask for payment before return",
        by="handler",
        needs_reason=True,
    ),
    # The national formula counts a granted withdrawal as an end (domain.md B3).
    move(
        "grant_withdrawal",
        [WITHDRAWAL_REQUESTED],
        STOPPED,
        "Cho rút hồ sơ",
        "Grant the withdrawal",
        "អនុញ្ញាតឱ្យដកសំណុំឯកសារ",
        by="approver",
    ),
    # Through the papers' own route, item by item; before the acceptance the desk has to look first, and nothing moves.
    move(
        "supply_papers",
        [AWAITING_PAPERS],
        PROCESSING,
        "Nộp giấy tờ bổ sung",
        "Supply the papers",
        "ផ្ញើឯកសារបន្ថែម",
        by="citizen",
    ),
    move("return_result", [FINISHED], RETURNED, "Trả kết quả", "Hand over the result", by=_OFFICE),
)

# What is done to a dossier without moving it: a new date, with an apology where the old one has passed (form 04).
EXTEND = move(
    "extend",
    [ACCEPTED, PROCESSING],
    PROCESSING,
    "Xin lỗi và hẹn lại ngày trả",
    "Apologise and set a new date",
    "សុំទោស និងកំណត់ថ្ងៃថ្មី",
    by="approver",
    needs_reason=True,
)
# Steps that bring something along and so have routes of their own.
OF_THEIR_OWN = frozenset({"publish_result", "supply_papers"})

# On the national feed a dossier in process may be reported in process again (another agency has it now).
REPEATABLE = frozenset({PROCESSING})


def is_regular(before: str | None, after: str) -> bool:
    """Does the table know the step? The first entry of a dossier may be any initial state."""
    if before is None:
        return after in DOSSIER.initial
    return DOSSIER.has_edge(before, after) or (before == after and after in REPEATABLE)
