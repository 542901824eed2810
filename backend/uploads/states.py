"""What can become of an upload, and why a file is refused.

What being there means:

receiving  some bytes are still missing; ends by itself after a day
checking   everything has arrived and is being looked at; nobody can load it. It stays here as long as no virus scanner answers
ready      accepted, and its owner's to use
refused    not accepted, `reason` says why; the bytes are gone
attached   part of something else now, for good
expired    nobody finished or used it in time; what is left of it is being removed
"""

from datetime import datetime

from kernel.machine import Machine, move

RECEIVING, CHECKING, READY, REFUSED, ATTACHED = "receiving", "checking", "ready", "refused", "attached"
EXPIRED = "expired"

UPLOAD = Machine(
    "upload",
    [RECEIVING],
    move("complete", [RECEIVING], CHECKING, "Nhận đủ", "Everything has arrived", by="owner"),
    move("accept", [CHECKING], READY, "Chấp nhận", "Accept", by="clock"),
    move("refuse", [CHECKING], REFUSED, "Không chấp nhận", "Refuse", by="clock"),
    move("attach", [READY], ATTACHED, "Đính kèm", "Attach", by="owner"),
    # What is being checked is not touched: with the scanner away for a week nothing a citizen sent may get lost.
    move("expire", [RECEIVING, READY, REFUSED, ATTACHED], EXPIRED, "Hết hạn", "Expire", by="clock"),
)


def is_over(state: str, expires_at: datetime, now: datetime) -> bool:
    """Has its time passed, whether or not somebody has cleared it away? What is being checked never ends by itself."""
    return state == EXPIRED or (state != CHECKING and expires_at <= now)


LABELS = {
    RECEIVING: ("Đang nhận", "Being received"),
    CHECKING: ("Đang kiểm tra", "Being checked"),
    READY: ("Sẵn sàng", "Ready"),
    REFUSED: ("Không được chấp nhận", "Refused"),
    ATTACHED: ("Đã đính kèm", "Attached"),
    EXPIRED: ("Đã hết hạn", "Expired"),
}

# Why a file is refused, as its sender reads it.
REASONS = {
    "empty": ("Tệp trống, không có nội dung.", "The file is empty."),
    "type_not_accepted": (
        "Chỉ nhận ảnh JPEG, PNG, WebP, HEIC hoặc tài liệu PDF.",
        "Only JPEG, PNG, WebP and HEIC pictures and PDF documents are accepted.",
    ),
    "type_differs": (
        "Nội dung tệp không đúng với tên hoặc kiểu tệp đã khai báo.",
        "The content is not of the type that the name or the app says.",
    ),
    "two_files_in_one": (
        "Tệp chứa một tệp nén bên trong nên không được nhận.",
        "There is an archive hidden in the file.",
    ),
    "damaged": ("Tệp bị hỏng hoặc thiếu phần cuối: vui lòng chụp hoặc quét lại.", "The file is damaged or incomplete."),
    "too_many_pixels": (
        "Ảnh lớn hơn 24 megapixel: vui lòng chụp với độ phân giải thấp hơn.",
        "The picture has more than 24 megapixels: take it with a lower resolution.",
    ),
    "too_complex": (
        "Không thể đọc tệp trong giới hạn cho phép: vui lòng xuất lại tệp đơn giản hơn.",
        "The file could not be read within our limits: export it anew, more simply.",
    ),
    "pdf_encrypted": (
        "Tệp PDF có mật khẩu: vui lòng bỏ mật khẩu rồi tải lại.",
        "The PDF is protected by a password: remove it and upload again.",
    ),
    "pdf_active": (
        "Tệp PDF chứa mã lệnh hoặc hành động tự chạy: vui lòng in lại thành PDF thường.",
        "The PDF contains scripts or actions that run by themselves: print it to a plain PDF.",
    ),
    "pdf_attachments": (
        "Tệp PDF có tệp đính kèm bên trong: vui lòng gửi từng tệp riêng.",
        "There are files embedded in the PDF: send each file by itself.",
    ),
    "pdf_too_long": ("Tệp PDF có hơn 200 trang: vui lòng chia nhỏ.", "The PDF has more than 200 pages: divide it."),
    "virus": ("Phát hiện mã độc trong tệp.", "A virus was found in the file."),
}
# Why a check takes its time.
WAITING = {
    "scanner_unavailable": (
        "Hệ thống quét mã độc tạm thời gián đoạn; tệp sẽ được kiểm tra ngay khi có lại.",
        "The virus scanner does not answer at the moment; the file will be checked as soon as it does.",
    ),
    "check_failed": (
        "Việc kiểm tra gặp sự cố và sẽ được thử lại.",
        "The check ran into trouble and will be tried again.",
    ),
}
