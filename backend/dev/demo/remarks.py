"""What the office writes to the citizen: a plain reason wherever the rules ask for one (domain.md B4: statuses 3, 5 and 8)."""

from random import Random

from backend.dev.demo.events import Status

_REMARKS: dict[Status, tuple[str, ...]] = {
    "not_accepted": (
        "Tờ khai chưa có chữ ký của người yêu cầu; đề nghị nộp lại tờ khai đã ký.",
        "Thủ tục không thuộc thẩm quyền của tỉnh; đề nghị nộp tại nơi cư trú.",
        "Bản chụp giấy tờ bị mờ, không đọc được số và ngày cấp.",
    ),
    "awaiting_papers": (
        "Đề nghị bổ sung bản sao giấy chứng nhận đã cấp.",
        "Đề nghị bổ sung giấy tờ chứng minh chỗ ở hợp pháp.",
        "Đề nghị bổ sung văn bản ủy quyền có chứng thực.",
    ),
    "awaiting_payment": (
        "Đề nghị nộp lệ phí theo thông báo đính kèm.",
        "Cơ quan thuế đã ra thông báo nghĩa vụ tài chính về đất đai.",
    ),
    "stopped": (
        "Quá thời hạn bổ sung mà chưa nhận được giấy tờ còn thiếu.",
        "Dừng giải quyết theo đề nghị của người nộp hồ sơ.",
        "Thửa đất đang có tranh chấp được thụ lý tại Tòa án.",
    ),
    "withdrawal_requested": ("Người nộp hồ sơ đề nghị rút hồ sơ.",),
    "finished": ("Kết quả đã có tại nơi nộp hồ sơ.",),
}


def remark(rng: Random, before: Status | None, status: Status) -> str | None:
    """The sentence that goes with a status; None where nothing needs saying."""
    if status == "stopped":
        late, wish, dispute = _REMARKS["stopped"]
        return {"awaiting_papers": late, "withdrawal_requested": wish}.get(before or "", dispute)
    return rng.choice(_REMARKS[status]) if status in _REMARKS else None
