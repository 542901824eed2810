"""What acts, purposes, roles and personal fields are called, in the words of the citizen who reads who looked.

The rooms below write the codes, this file alone says them in words; a test finds a code without. An unknown code is shown as it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from kernel.privacy.kind import Kind


@dataclass(frozen=True)
class Words:
    """The same in both languages."""

    vi: str
    en: str


ACTS: Mapping[str, Words] = {
    # Who comes in (SEC-67, ASVS V16.3.1).
    "auth.signed_in": Words("Đăng nhập", "Signed in"),
    "auth.sign_in_failed": Words("Đăng nhập không thành công", "Sign-in failed"),
    "auth.token_refreshed": Words("Gia hạn phiên đăng nhập", "Session renewed"),
    "auth.token_reused": Words(
        "Mã đăng nhập cũ bị dùng lại, phiên đã bị khóa", "An old token was used again; the session was ended"
    ),
    "auth.signed_out": Words("Đăng xuất", "Signed out"),
    "auth.session_ended": Words("Kết thúc phiên đăng nhập", "Session ended"),
    "auth.session_named": Words("Đặt tên thiết bị", "Named a device"),
    "auth.account_locked": Words("Khóa tài khoản", "Locked the account"),
    "auth.denied": Words("Bị từ chối truy cập", "Access denied"),
    "auth.attestation_failed": Words("Không xác thực được ứng dụng", "The app could not be attested"),
    "auth.act_for_allowed": Words("Cho phép người khác làm thay", "Let somebody act in their place"),
    "auth.act_for_started": Words("Bắt đầu làm thay công dân", "Began to act in a citizen's place"),
    "auth.acted_for": Words("Thao tác thay công dân", "Did something in the citizen's place"),
    "auth.key_rotated": Words("Thay khóa ký", "Signing key changed"),
    # Whose data are looked at and changed (V16.3.2).
    "dossier.listed": Words("Xem danh sách hồ sơ", "Listed dossiers"),
    "dossier.searched": Words("Tra cứu hồ sơ", "Searched dossiers"),
    "dossier.viewed": Words("Xem hồ sơ", "Viewed a dossier"),
    "dossier.deadline_viewed": Words("Xem hạn giải quyết hồ sơ", "Viewed when a dossier is due"),
    "dossier.prolonged": Words("Xin lỗi, hẹn lại ngày trả kết quả", "Set a new due date, with an apology"),
    "dossier.paper_downloaded": Words("Tải giấy tờ công dân bổ sung", "Downloaded a paper the citizen supplied"),
    "dossier.paper_printed": Words("In giấy tờ của hồ sơ", "Printed a paper of a dossier"),
    "dossier.unmasked": Words("Xem đầy đủ thông tin cá nhân", "Viewed personal data in full"),
    "dossier.created": Words("Tiếp nhận hồ sơ", "Took in a dossier"),
    "dossier.recorded": Words("Cập nhật hồ sơ từ hệ thống nguồn", "Updated a dossier from its source system"),
    "dossier.transitioned": Words("Chuyển bước xử lý hồ sơ", "Moved a dossier on"),
    "dossier.result_published": Words("Trả kết quả hồ sơ", "Published a result"),
    "dossier.result_downloaded": Words("Tải kết quả hồ sơ", "Downloaded a result"),
    "feedback.listed": Words("Xem danh sách phản ánh", "Listed reports"),
    "feedback.file_downloaded": Words("Tải tệp của phản ánh", "Downloaded a file of a report"),
    "feedback.viewed": Words("Xem phản ánh", "Viewed a report"),
    "feedback.moved": Words("Chuyển bước xử lý phản ánh", "Moved a report on"),
    "feedback.answered": Words("Trả lời phản ánh", "Answered a report"),
    "feedback.noted": Words("Ghi chú nội bộ về phản ánh", "Wrote a note about a report"),
    "feedback.sent": Words("Gửi phản ánh", "Sent a report"),
    "feedback.published": Words("Công khai hoặc thôi công khai phản ánh", "Made a report public, or not any more"),
    "feedback.followed": Words("Theo dõi phản ánh của người khác", "Followed somebody else's report"),
    "feedback.rated": Words("Đánh giá câu trả lời", "Rated an answer"),
    "feedback.unmasked": Words("Xem họ tên, số điện thoại người phản ánh", "Looked who sent a report"),
    "notice.traced": Words("Kiểm tra vì sao thông báo không đến", "Looked why a notice did not arrive"),
    "push.target_registered": Words("Đăng ký nhận thông báo trên thiết bị", "Registered a phone for notices"),
    "push.target_removed": Words("Hủy nhận thông báo trên thiết bị", "Removed a phone from notices"),
    "contact.entered": Words("Nhập địa chỉ liên hệ", "Entered a contact"),
    "contact.confirmed": Words("Xác nhận địa chỉ liên hệ", "Confirmed a contact"),
    "contact.removed": Words("Gỡ địa chỉ liên hệ", "Removed a contact"),
    "preferences.changed": Words("Thay đổi cách nhận thông báo", "Changed how to be told"),
    # What citizens decide about their data.
    "consent.given": Words("Đồng ý cho xử lý dữ liệu", "Gave consent"),
    "consent.withdrawn": Words("Rút lại sự đồng ý", "Withdrew consent"),
    "export.requested": Words("Yêu cầu cung cấp dữ liệu", "Asked for a copy of the data"),
    "export.built": Words("Chuẩn bị bản sao dữ liệu", "Put the copy of the data together"),
    "export.taken": Words("Tải bản sao dữ liệu", "Downloaded the copy of the data"),
    "erasure.requested": Words("Yêu cầu xóa dữ liệu", "Asked for erasure"),
    "erasure.acknowledged": Words("Tiếp nhận yêu cầu xóa dữ liệu", "Acknowledged the request for erasure"),
    "erasure.extended": Words("Gia hạn giải quyết yêu cầu xóa dữ liệu", "Extended the time for erasure"),
    "erasure.refused": Words("Từ chối xóa dữ liệu", "Refused erasure"),
    "erasure.deferred": Words("Tạm hoãn xóa dữ liệu", "Put off erasure"),
    "erasure.taken_back": Words("Rút yêu cầu xóa dữ liệu", "Took the request for erasure back"),
    "data_request.requested": Words("Yêu cầu về dữ liệu cá nhân", "Asked for something about their data"),
    "data_request.read": Words("Đọc yêu cầu về dữ liệu cá nhân", "Read a request about personal data"),
    "data_request.acknowledged": Words("Tiếp nhận yêu cầu về dữ liệu cá nhân", "Acknowledged a request about personal data"),
    "data_request.extended": Words("Gia hạn yêu cầu về dữ liệu cá nhân", "Extended the time for a request about personal data"),
    "data_request.refused": Words("Từ chối yêu cầu về dữ liệu cá nhân", "Refused a request about personal data"),
    "data_request.carried_out": Words("Thực hiện yêu cầu về dữ liệu cá nhân", "Carried out a request about personal data"),
    "data_request.taken_back": Words("Rút yêu cầu về dữ liệu cá nhân", "Took a request about personal data back"),
    "erasure.done": Words("Đã xóa dữ liệu cá nhân", "Erased personal data"),
    "erasure.reapplied": Words("Xóa lại dữ liệu sau khi khôi phục bản sao lưu", "Erased again after a backup was restored"),
    # What those in charge do.
    "staff.enrolled": Words("Cấp quyền cho cán bộ", "Enrolled an official"),
    "staff.roles_changed": Words("Thay đổi vai trò của cán bộ", "Changed an official's roles"),
    "staff.off_boarded": Words("Thu hồi quyền của cán bộ", "Ended an official's access"),
    "staff.agency_changed": Words("Thay đổi cơ quan", "Changed an agency"),
    "keys.rewrapped": Words("Thay khóa chính của kho dữ liệu", "Changed the master key"),
    "keys.renewed": Words("Thay khóa dữ liệu của công dân", "Changed the data keys"),
    "retention.applied": Words("Xử lý dữ liệu hết hạn lưu trữ", "Applied the retention rules"),
    "breach.opened": Words("Ghi nhận sự cố dữ liệu cá nhân", "Recorded a breach"),
    "breach.amended": Words("Bổ sung sổ vi phạm dữ liệu", "Added to the breach register"),
    "breach.notified": Words("Thông báo sự cố dữ liệu cá nhân", "Reported a breach"),
    "audit.read": Words("Xem nhật ký truy cập", "Read the audit trail"),
    "audit.opened": Words("Mở giá trị cá nhân trong nhật ký", "Opened personal values in the audit trail"),
}

PURPOSES: Mapping[str, Words] = {
    "dossier_handling": Words("Giải quyết thủ tục hành chính", "Handling of the dossier"),
    "feedback_handling": Words("Giải quyết phản ánh, kiến nghị", "Handling of the report"),
    "citizen_service": Words("Trả lời yêu cầu của công dân", "Answering the citizen"),
    "own_request": Words("Theo yêu cầu của chính công dân", "The citizen's own request"),
    "security": Words("Bảo đảm an toàn hệ thống", "Security of the system"),
    "oversight": Words("Thanh tra, kiểm tra", "Inspection"),
    "statistics": Words("Thống kê, báo cáo", "Statistics"),
    "legal_duty": Words("Thực hiện nghĩa vụ theo luật", "A duty under the law"),
}

ROLES: Mapping[str, Words] = {
    "intake_officer": Words("Cán bộ tiếp nhận", "Intake officer"),
    "handler": Words("Cán bộ xử lý", "Handler"),
    "approver": Words("Người phê duyệt", "Approver"),
    "inspector": Words("Thanh tra", "Inspector"),
    "dispatcher": Words("Cán bộ điều phối", "Dispatcher"),
    "assistant": Words("Cán bộ hỗ trợ", "Assistant"),
    "administrator": Words("Quản trị viên", "Administrator"),
}

CALLERS: Mapping[str, Words] = {
    "you": Words("Chính bạn", "You"),
    "citizen": Words("Công dân khác", "Another citizen"),
    "staff": Words("Cán bộ", "An official"),
    "system": Words("Hệ thống", "A system"),
}

_KINDS = {kind.code: Words(kind.vi, kind.en) for kind in Kind}

FIELDS: Mapping[str, Words] = {
    **_KINDS,
    "applicant_name": _KINDS["name"],
    "reporter_name": _KINDS["name"],
    "reporter_phone": _KINDS["phone"],
    "personal_number": _KINDS["identity_number"],
    "result": Words("Tệp kết quả", "Result file"),
}


def said(table: Mapping[str, Words], code: str, language: str) -> str:
    """The code in words."""
    words = table.get(code)
    if words is None:
        return code
    return words.vi if language == "vi" else words.en
